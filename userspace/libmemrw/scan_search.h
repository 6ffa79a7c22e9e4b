/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The body of scan_search_*.c: is there any match among so many positions?  Written
 * with the compiler's vectors, which it makes of what SEARCH_TARGET allows.
 * What matches is then found by the caller: most groups have nothing in them.
 */
#include "scan_kernel.h"

#include <string.h>

#define BYTES 32

#define VECTOR(type) type __attribute__((vector_size(BYTES)))

typedef VECTOR(uint8_t) v_u8;
typedef VECTOR(uint16_t) v_u16;
typedef VECTOR(uint32_t) v_u32;
typedef VECTOR(uint64_t) v_u64;
typedef VECTOR(float) v_f32;
typedef VECTOR(double) v_f64;

/*
 * Values that begin at every byte are those that lie side by side from the
 * first byte on, those from the second on, and so forth: each position is a byte
 * then.  Values at multiples of their size lie side by side already.
 */
#define DEFINE_ANY(name, vector, mask, scalar, test)				\
SEARCH_TARGET static bool name(const uint8_t *now, size_t length,		\
			       unsigned int step, scalar low, scalar high)	\
{										\
	size_t shifts = step == sizeof(scalar) ? 1 : sizeof(scalar);		\
	mask found = { 0 };							\
	v_u64 sum;								\
										\
	(void)high;								\
	for (size_t shift = 0; shift < shifts; shift++) {			\
		for (size_t i = 0; i < length; i += BYTES) {			\
			vector value;						\
										\
			memcpy(&value, now + shift + i, sizeof(value));		\
			found |= (mask)(test);					\
		}								\
	}									\
	sum = (v_u64)found;							\
	return sum[0] | sum[1] | sum[2] | sum[3];				\
}

DEFINE_ANY(any_u8_is, v_u8, v_u8, uint8_t, value == low)
DEFINE_ANY(any_u16_is, v_u16, v_u16, uint16_t, value == low)
DEFINE_ANY(any_u32_is, v_u32, v_u32, uint32_t, value == low)
DEFINE_ANY(any_u64_is, v_u64, v_u64, uint64_t, value == low)
DEFINE_ANY(any_u8_in, v_u8, v_u8, uint8_t, value - low <= high)
DEFINE_ANY(any_u16_in, v_u16, v_u16, uint16_t, value - low <= high)
DEFINE_ANY(any_u32_in, v_u32, v_u32, uint32_t, value - low <= high)
DEFINE_ANY(any_u64_in, v_u64, v_u64, uint64_t, value - low <= high)
DEFINE_ANY(any_f32_in, v_f32, v_u32, float, (value >= low) & (value <= high))
DEFINE_ANY(any_f64_in, v_f64, v_u64, double, (value >= low) & (value <= high))

/*
 * Of a value at every byte, two of its bytes are looked for, however long it is:
 * where both are, it mostly is.
 */
SEARCH_TARGET static bool search_bytes(const struct mrw_term *term,
				       const uint8_t *now, size_t length)
{
	const uint8_t *first = now + term->first, *second = now + term->second;
	uint8_t value = term->low >> (8 * term->first);
	uint8_t other_value = term->low >> (8 * term->second);
	v_u8 found = { 0 }, here, there;
	v_u64 sum;

	for (size_t i = 0; i < length; i += BYTES) {
		memcpy(&here, first + i, sizeof(here));
		memcpy(&there, second + i, sizeof(there));
		found |= (v_u8)((here == value) & (there == other_value));
	}
	sum = (v_u64)found;
	return sum[0] | sum[1] | sum[2] | sum[3];
}

SEARCH_TARGET static bool search_word(const struct mrw_term *term,
				      const uint8_t *now, size_t length,
				      unsigned int step)
{
	uint64_t low = term->low;

	if (step == 1 && term->size > 1)
		return search_bytes(term, now, length);
	switch (term->size) {
	case 1:
		return any_u8_is(now, length, step, low, 0);
	case 2:
		return any_u16_is(now, length, step, low, 0);
	case 4:
		return any_u32_is(now, length, step, low, 0);
	default:
		return any_u64_is(now, length, step, low, 0);
	}
}

SEARCH_TARGET static bool search_span(const struct mrw_term *term,
				      const uint8_t *now, size_t length,
				      unsigned int step)
{
	uint64_t low = term->low, span = term->span;

	switch (term->size) {
	case 1:
		return any_u8_in(now, length, step, low, span);
	case 2:
		return any_u16_in(now, length, step, low, span);
	case 4:
		return any_u32_in(now, length, step, low, span);
	default:
		return any_u64_in(now, length, step, low, span);
	}
}

SEARCH_TARGET static bool search_range(const struct mrw_term *term,
				       const uint8_t *now, size_t groups,
				       unsigned int step)
{
	size_t length = 64 * groups * step;

	if (term->is_float && term->size == sizeof(float))
		return any_f32_in(now, length, step, mrw_float_at_least(term->floor),
				  mrw_float_at_most(term->ceiling));
	if (term->is_float)
		return any_f64_in(now, length, step, term->floor, term->ceiling);
	return term->span ? search_span(term, now, length, step) :
			    search_word(term, now, length, step);
}

SEARCH_TARGET static bool search_pattern(const struct mrw_pattern *pattern,
					 const uint8_t *now, size_t groups)
{
	const uint8_t *first = now + pattern->first, *second = now + pattern->second;
	uint8_t mask = pattern->mask[pattern->first];
	uint8_t other_mask = pattern->mask[pattern->second];
	uint8_t value = pattern->value[pattern->first];
	uint8_t other_value = pattern->value[pattern->second];
	v_u8 found = { 0 }, here, there;
	v_u64 sum;

	for (size_t i = 0; i < 64 * groups; i += BYTES) {
		memcpy(&here, first + i, sizeof(here));
		memcpy(&there, second + i, sizeof(there));
		found |= (v_u8)(((here & mask) == value) & ((there & other_mask) == other_value));
	}
	sum = (v_u64)found;
	return sum[0] | sum[1] | sum[2] | sum[3];
}
