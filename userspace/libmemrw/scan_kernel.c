// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Stages: a search of many positions at once says whether there is anything among
 * them, which there mostly is not; then one of each 64; then each is looked at.
 */
#include "scan_kernel.h"

#include <string.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

static const struct mrw_search *search_here;

static const struct mrw_search *best_search(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return &mrw_search_avx2;
#endif
	return &mrw_search_portable;
}

void mrw_kernel_portable(bool portable)
{
	const struct mrw_search *search = portable ? &mrw_search_portable : best_search();

	__atomic_store_n(&search_here, search, __ATOMIC_RELAXED);
}

const struct mrw_search *mrw_kernel_search(void)
{
	const struct mrw_search *search = __atomic_load_n(&search_here, __ATOMIC_RELAXED);

	if (search)
		return search;
	mrw_kernel_portable(false);
	return best_search();
}

/*
 * One value
 */

ALWAYS_INLINE int64_t with_sign(uint64_t word, unsigned int size)
{
	unsigned int shift = 64 - 8 * size;

	return (int64_t)(word << shift) >> shift;
}

ALWAYS_INLINE uint64_t cut(uint64_t word, unsigned int size)
{
	return size < 8 ? word & ((UINT64_C(1) << (8 * size)) - 1) : word;
}

ALWAYS_INLINE bool word_more(const struct mrw_term *term, unsigned int size,
			     uint64_t now, uint64_t then)
{
	if (term->is_signed)
		return with_sign(now, size) > with_sign(then, size);
	return now > then;
}

ALWAYS_INLINE bool word_by(const struct mrw_term *term, unsigned int size,
			   uint64_t now, uint64_t then)
{
	return cut(now - then, size) == term->low &&
	       (!term->low || word_more(term, size, now, then));
}

ALWAYS_INLINE bool test_word(const struct mrw_term *term, enum mrw_test test,
			     unsigned int size, uint64_t now, uint64_t then)
{
	switch (test) {
	case MRW_TEST_RANGE:
		return cut(now - term->low, size) <= term->span;
	case MRW_TEST_SAME:
		return now == then;
	case MRW_TEST_MORE:
		return word_more(term, size, now, then);
	case MRW_TEST_BY:
		return word_by(term, size, now, then);
	case MRW_TEST_WITHIN:
		return mrw_ranges_hold(term->ranges, term->range_count, now);
	case MRW_TEST_ALL:
		break;
	}
	return true;
}

ALWAYS_INLINE double to_double(uint64_t word, unsigned int size)
{
	uint32_t half = word;
	double number;
	float single;

	if (size == sizeof(single)) {
		memcpy(&single, &half, sizeof(single));
		return single;
	}
	memcpy(&number, &word, sizeof(number));
	return number;
}

ALWAYS_INLINE bool number_same(const struct mrw_term *term, double now, double then)
{
	double difference = now - then;

	return difference <= term->tolerance && -difference <= term->tolerance;
}

/* The sum as a program would have it that adds to a variable of the type. */
ALWAYS_INLINE bool number_by(const struct mrw_term *term, unsigned int size,
			     double now, double then)
{
	double sum = then + (term->swap_roles ? -term->step : term->step);
	double difference = term->swap_roles ? then - now : now - then;

	if (size == sizeof(float))
		sum = (float)sum;
	return now == sum || (difference >= term->floor && difference <= term->ceiling);
}

ALWAYS_INLINE bool test_number(const struct mrw_term *term, enum mrw_test test,
			       unsigned int size, uint64_t now_bits,
			       uint64_t then_bits)
{
	double now = to_double(now_bits, size), then = to_double(then_bits, size);

	switch (test) {
	case MRW_TEST_RANGE:
		return now >= term->floor && now <= term->ceiling;
	case MRW_TEST_SAME:
		return now_bits == then_bits || number_same(term, now, then);
	case MRW_TEST_MORE:
		return (term->swap_roles ? now < then : now > then) &&
		       (!(term->tolerance > 0) || !number_same(term, now, then));
	case MRW_TEST_BY:
		return number_by(term, size, now, then);
	case MRW_TEST_WITHIN:
	case MRW_TEST_ALL:
		break;
	}
	return true;
}

/*
 * 64 values, or less: inlined for each test and size, so that what does not
 * change is not asked for each
 */

#define needs_then(test) \
	((test) == MRW_TEST_SAME || (test) == MRW_TEST_MORE || (test) == MRW_TEST_BY)

ALWAYS_INLINE bool test_value(const struct mrw_term *term, enum mrw_test test,
			      unsigned int size, bool is_float,
			      const uint8_t *now, const uint8_t *then)
{
	uint64_t is = mrw_word_load(now, size, term->swap), was = 0;

	if (needs_then(test))
		was = mrw_word_load(then, size, term->swap);
	if (is_float)
		return test_number(term, test, size, is, was);
	if (term->swap_roles)
		return test_word(term, test, size, was, is);
	return test_word(term, test, size, is, was);
}

ALWAYS_INLINE uint64_t each_value(const struct mrw_term *term, enum mrw_test test,
				  unsigned int size, bool is_float,
				  const uint8_t *now, const uint8_t *then,
				  size_t positions, unsigned int step)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < positions; i++) {
		bool pass = test_value(term, test, size, is_float, now + i * step,
				       needs_then(test) ? then + i * step : NULL);

		bits |= (uint64_t)pass << i;
	}
	return bits;
}

#define TEST_SIZES(test) \
	if (term->is_float && term->size == 4)					\
		return each_value(term, test, 4, true, now, then, positions, step); \
	if (term->is_float)							\
		return each_value(term, test, 8, true, now, then, positions, step); \
	switch (term->size) {							\
	case 1:									\
		return each_value(term, test, 1, false, now, then, positions, step); \
	case 2:									\
		return each_value(term, test, 2, false, now, then, positions, step); \
	case 4:									\
		return each_value(term, test, 4, false, now, then, positions, step); \
	default:								\
		return each_value(term, test, 8, false, now, then, positions, step); \
	}

#define DEFINE_TEST(name, test)							\
static uint64_t name(const struct mrw_term *term, const uint8_t *now,		\
		     const uint8_t *then, size_t positions, unsigned int step)	\
{										\
	TEST_SIZES(test)							\
}

DEFINE_TEST(test_range, MRW_TEST_RANGE)
DEFINE_TEST(test_same, MRW_TEST_SAME)
DEFINE_TEST(test_more, MRW_TEST_MORE)
DEFINE_TEST(test_by, MRW_TEST_BY)
DEFINE_TEST(test_within, MRW_TEST_WITHIN)

static uint64_t low_bits(size_t count)
{
	return count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX;
}

static uint64_t test_group(const struct mrw_term *term, const uint8_t *now,
			   const uint8_t *then, size_t positions, unsigned int step)
{
	switch (term->test) {
	case MRW_TEST_RANGE:
		return test_range(term, now, then, positions, step);
	case MRW_TEST_SAME:
		return test_same(term, now, then, positions, step);
	case MRW_TEST_MORE:
		return test_more(term, now, then, positions, step);
	case MRW_TEST_BY:
		return test_by(term, now, then, positions, step);
	case MRW_TEST_WITHIN:
		return test_within(term, now, then, positions, step);
	case MRW_TEST_ALL:
		break;
	}
	return low_bits(positions);
}

/*
 * All values
 */

/* What is the same bytes is the same value, and is no more than it was. */
static bool is_settled_by_bytes(const struct mrw_term *term)
{
	return term->test == MRW_TEST_SAME || term->test == MRW_TEST_MORE;
}

/* A word in the other byte order is the same word in this one. */
static bool can_search(const struct mrw_term *term, unsigned int step)
{
	return term->test == MRW_TEST_RANGE && !term->invert && !term->swap &&
	       (step == 1 || step == term->size);
}

static uint64_t values_group(const struct mrw_term *term,
			     const struct mrw_search *search, const uint8_t *now,
			     const uint8_t *then, size_t positions,
			     unsigned int step)
{
	size_t length = (positions - 1) * step + term->size;
	uint64_t bits;

	if (search && positions == 64 && !search->range(term, now, 1, step))
		return 0;
	if (then && is_settled_by_bytes(term) && !memcmp(now, then, length))
		bits = term->test == MRW_TEST_SAME ? UINT64_MAX : 0;
	else
		bits = test_group(term, now, then, positions, step);
	return (term->invert ? ~bits : bits) & low_bits(positions);
}

/* A word of bits for each group of 64; returns whether there is any bit. */
static uint64_t values_groups(const struct mrw_term *term,
			      const struct mrw_search *search, const uint8_t *now,
			      const uint8_t *then, size_t positions,
			      unsigned int step, uint64_t *bits)
{
	uint64_t any = 0;

	for (size_t i = 0; i < positions; i += 64) {
		size_t group = positions - i < 64 ? positions - i : 64;

		bits[i / 64] = values_group(term, search, now + i * step,
					    then ? then + i * step : NULL, group, step);
		any |= bits[i / 64];
	}
	return any;
}

bool mrw_kernel_values(const struct mrw_term *term, const uint8_t *now,
		       const uint8_t *then, size_t positions, unsigned int step,
		       uint64_t *bits)
{
	const struct mrw_search *search = can_search(term, step) ? mrw_kernel_search() : NULL;
	size_t at_once = search ? MRW_MANY / step : positions;
	uint64_t any = 0;

	memset(bits, 0, MRW_WORDS(positions) * sizeof(*bits));
	for (size_t i = 0; i < positions; i += at_once) {
		size_t many = positions - i < at_once ? positions - i : at_once;

		if (search && many == at_once &&
		    !search->range(term, now + i * step, at_once / 64, step))
			continue;
		any |= values_groups(term, search, now + i * step,
				     then ? then + i * step : NULL, many, step,
				     bits + i / 64);
	}
	return any;
}
