// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the scan's loops find, beside a plain reading of each value by itself:
 * for every type, condition, byte order and step, on random memory.
 */
#include "scan_kernel.h"
#include "scan_query.h"
#include "support/random.h"
#include "support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM		1024
#define ROUNDS		60
#define HOST_BIG	(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static uint8_t *now, *then;

/* Buffers of their own, so that valgrind and ASan see what is behind them. */
static void new_buffers(size_t length)
{
	free(now);
	free(then);
	now = malloc(length);
	then = malloc(length);
	random_memory(now, length);
	memcpy(then, now, length);
	/* What was there is mostly what is there. */
	for (size_t i = 0; i < length / 8; i++)
		then[random_below(length)] += random_below(3) - 1;
}

/*
 * The plain reading
 */

struct value {
	bool is_float;
	__int128 whole;
	double number;
	uint64_t bits;
};

static struct value value_at(enum memrw_type type, const uint8_t *bytes, bool big)
{
	size_t size = memrw_type_size(type);
	struct value value = { .is_float = type == MEMRW_TYPE_F32 || type == MEMRW_TYPE_F64 };
	uint32_t half;
	float single;

	for (size_t i = 0; i < size; i++)
		value.bits = value.bits << 8 | bytes[big ? i : size - 1 - i];
	value.whole = value.bits;
	if (size > 0 && memrw_type_name(type)[0] == 'i' && value.bits >> (8 * size - 1))
		value.whole -= (__int128)1 << (8 * size);
	if (type == MEMRW_TYPE_F32) {
		half = value.bits;
		memcpy(&single, &half, sizeof(single));
		value.number = single;
	} else {
		memcpy(&value.number, &value.bits, sizeof(value.number));
	}
	return value;
}

static int compare(struct value a, struct value b)
{
	if (a.is_float)
		return (a.number > b.number) - (a.number < b.number);
	return (a.whole > b.whole) - (a.whole < b.whole);
}

static bool is_nan(struct value value)
{
	return value.is_float && isnan(value.number);
}

static bool equal(struct value a, struct value b)
{
	return !is_nan(a) && !is_nan(b) && compare(a, b) == 0;
}

static bool by(enum memrw_type type, struct value a, struct value b, struct value step)
{
	if (!a.is_float)
		return a.whole - b.whole == step.whole;
	if (type == MEMRW_TYPE_F32)
		return (float)a.number == (float)(b.number + step.number) ||
		       a.number - b.number == step.number;
	return a.number == b.number + step.number || a.number - b.number == step.number;
}

static bool down_by(enum memrw_type type, struct value a, struct value b, struct value step)
{
	if (!a.is_float)
		return b.whole - a.whole == step.whole;
	if (type == MEMRW_TYPE_F32)
		return (float)a.number == (float)(b.number - step.number) ||
		       b.number - a.number == step.number;
	return a.number == b.number - step.number || b.number - a.number == step.number;
}

static bool expect(enum memrw_type type, enum memrw_scan_op op, struct value is,
		   struct value was, struct value low, struct value high)
{
	switch (op) {
	case MEMRW_SCAN_UNKNOWN:
		return true;
	case MEMRW_SCAN_EQ:
		return equal(is, low);
	case MEMRW_SCAN_NE:
		return !equal(is, low);
	case MEMRW_SCAN_LT:
		return !is_nan(is) && compare(is, low) < 0;
	case MEMRW_SCAN_GT:
		return !is_nan(is) && compare(is, low) > 0;
	case MEMRW_SCAN_RANGE:
		return !is_nan(is) && compare(is, low) >= 0 && compare(is, high) <= 0;
	case MEMRW_SCAN_CHANGED:
		return !(is.bits == was.bits || equal(is, was));
	case MEMRW_SCAN_UNCHANGED:
		return is.bits == was.bits || equal(is, was);
	case MEMRW_SCAN_INCREASED:
		return !is_nan(is) && !is_nan(was) && compare(is, was) > 0;
	case MEMRW_SCAN_DECREASED:
		return !is_nan(is) && !is_nan(was) && compare(is, was) < 0;
	case MEMRW_SCAN_INCREASED_BY:
		return by(type, is, was, low);
	case MEMRW_SCAN_DECREASED_BY:
		return down_by(type, is, was, low);
	case MEMRW_SCAN_POINTS_INTO:
		return is.bits >= 0x10000 && is.bits < 0x7fffffff;
	}
	return false;
}

/*
 * Beside each other
 */

static const struct mrw_range pointees[] = { { 0x10000, 0x20000 }, { 0x20000, 0x7fffffff } };

struct operands {
	char low[64];
	char high[64];
	uint8_t low_bytes[8];
	uint8_t high_bytes[8];
};

/* One that is in memory somewhere, so that there is something to find. */
static bool choose_operands(enum memrw_type type, enum memrw_scan_op op, size_t length,
			    struct operands *operands)
{
	size_t size = memrw_type_size(type);

	memcpy(operands->low_bytes, now + random_below(length - size), size);
	memcpy(operands->high_bytes, now + random_below(length - size), size);
	if (op == MEMRW_SCAN_INCREASED_BY || op == MEMRW_SCAN_DECREASED_BY)
		memrw_value_parse(type, random_below(2) ? "1" : "2", operands->low_bytes, 8);
	if (is_nan(value_at(type, operands->low_bytes, HOST_BIG)) ||
	    is_nan(value_at(type, operands->high_bytes, HOST_BIG)) ||
	    (op == MEMRW_SCAN_RANGE && compare(value_at(type, operands->low_bytes, HOST_BIG),
					       value_at(type, operands->high_bytes, HOST_BIG)) > 0))
		return false;
	memrw_value_format(type, operands->low_bytes, operands->low, 64);
	memrw_value_format(type, operands->high_bytes, operands->high, 64);
	return true;
}

static void compare_bits(enum memrw_type type, enum memrw_scan_op op, bool big,
			 unsigned int step, size_t positions,
			 const struct operands *operands, const uint64_t *bits)
{
	struct value low = value_at(type, operands->low_bytes, HOST_BIG);
	struct value high = value_at(type, operands->high_bytes, HOST_BIG);

	for (size_t i = 0; i < positions; i++) {
		struct value is = value_at(type, now + i * step, big);
		struct value was = value_at(type, then + i * step, big);
		bool wanted = expect(type, op, is, was, low, high);

		if (wanted != mrw_bit(bits, i))
			fail_msg("%s, op %d, big %d, step %u, position %zu of %zu, low %s, high %s: is 0x%jx, was 0x%jx, expected %d",
				 memrw_type_name(type), op, big, step, i, positions,
				 operands->low, operands->high, (uintmax_t)is.bits,
				 (uintmax_t)was.bits, wanted);
	}
	for (size_t i = positions; i < 64 * MRW_WORDS(positions); i++)
		assert_false(mrw_bit(bits, i));
}

static int init_query(struct mrw_query *query, enum memrw_type type, enum memrw_scan_op op,
		      bool big, unsigned int step, const struct operands *operands)
{
	static const struct mrw_leeway none;
	struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = op,
		.value = operands->low,
		.upper = operands->high,
	};
	struct mrw_shape shape;

	mrw_shape_init(&shape, MEMRW_SCAN_TYPE(type), step, big);
	return mrw_query_init(query, &shape, &none, &condition, pointees, 2);
}

/* How many rounds were about something: a condition may be one of nothing. */
static int try_one(enum memrw_type type, enum memrw_scan_op op, bool big, unsigned int step)
{
	size_t size = memrw_type_size(type);
	size_t positions = 1 + random_below(random_below(8) ? 100 : ROOM);
	size_t length = (positions - 1) * step + size;
	uint64_t bits[MRW_WORDS(ROOM)];
	struct operands operands = { "", "", { 0 }, { 0 } };
	struct mrw_query query;
	uint64_t any = 0;
	bool found;

	new_buffers(length + 1);
	if (!choose_operands(type, op, length + 1, &operands) ||
	    init_query(&query, type, op, big, step, &operands) < 0)
		return 0;
	memset(bits, 0xa5, sizeof(bits));
	/* At an odd address too, with its end where the memory ends. */
	memmove(now + 1, now, length);
	memmove(then + 1, then, length);
	now++;
	then++;
	assert_int_equal(query.term_count, 1);
	found = mrw_kernel_values(&query.terms[0], now, then, positions, step, bits);
	for (size_t word = 0; word < MRW_WORDS(positions); word++)
		any |= bits[word];
	assert_int_equal(found, any != 0);
	compare_bits(type, op, big, step, positions, &operands, bits);
	now--;
	then--;
	mrw_query_clear(&query);
	return 1;
}

static bool takes(enum memrw_type type, enum memrw_scan_op op)
{
	return op != MEMRW_SCAN_POINTS_INTO || type == MEMRW_TYPE_U32 ||
	       type == MEMRW_TYPE_U64 || type == MEMRW_TYPE_PTR;
}

static void try_all(void)
{
	static const unsigned int steps[] = { 1, 2, 4, 8, 16 };

	for (int type = MEMRW_TYPE_I8; type <= MEMRW_TYPE_PTR; type++)
		for (int op = MEMRW_SCAN_UNKNOWN; op <= MEMRW_SCAN_POINTS_INTO; op++)
			for (int i = 0; i < 2 * 5 && takes(type, op); i++) {
				int tried = 0;

				for (int round = 0; round < ROUNDS || (round < 40 * ROUNDS && !tried); round++)
					tried += try_one(type, op, i % 2, steps[i / 2]);
				assert_true(tried > 0);
			}
}

static void every_condition_finds_what_a_plain_reading_does(void **state)
{
	(void)state;
	random_start();
	mrw_kernel_portable(false);
	try_all();
}

static void so_does_the_code_for_any_processor(void **state)
{
	(void)state;
	random_start();
	mrw_kernel_portable(true);
	try_all();
	mrw_kernel_portable(false);
}

/*
 * Patterns
 */

static void choose_pattern(char *text, size_t length, const uint8_t *from)
{
	for (size_t i = 0; i < length; i++) {
		char *digits = text + 3 * i;

		sprintf(digits, "%02x ", from[i]);
		if (random_below(4) == 0)
			digits[0] = '?';
		if (random_below(4) == 0)
			digits[1] = '?';
	}
}

static bool plain_match(const char *text, size_t length, const uint8_t *bytes)
{
	char digits[4];

	for (size_t i = 0; i < length; i++) {
		sprintf(digits, "%02x", bytes[i]);
		if ((text[3 * i] != '?' && text[3 * i] != digits[0]) ||
		    (text[3 * i + 1] != '?' && text[3 * i + 1] != digits[1]))
			return false;
	}
	return true;
}

static void try_pattern(unsigned int step)
{
	size_t length = 1 + random_below(12), positions = 1 + random_below(ROOM);
	size_t room = (positions - 1) * step + length;
	uint64_t bits[MRW_WORDS(ROOM)];
	struct mrw_pattern pattern;
	char text[64];

	new_buffers(room);
	choose_pattern(text, length, now + random_below(room - length + 1));
	if (mrw_pattern_parse(&pattern, text) < 0) {
		/* Nothing in it but wildcards. */
		assert_int_equal(errno, EINVAL);
		assert_int_equal(strspn(text, "? "), strlen(text));
		return;
	}
	mrw_kernel_pattern(&pattern, now, positions, step, bits);
	for (size_t i = 0; i < positions; i++)
		if (mrw_bit(bits, i) != plain_match(text, length, now + i * step))
			fail_msg("\"%s\", step %u, position %zu", text, step, i);
	for (size_t i = positions; i < 64 * MRW_WORDS(positions); i++)
		assert_false(mrw_bit(bits, i));
	mrw_pattern_clear(&pattern);
}

static void patterns_find_what_a_plain_reading_does(void **state)
{
	(void)state;
	random_start();
	for (int i = 0; i < 6000; i++) {
		mrw_kernel_portable(i % 2);
		try_pattern(1U << random_below(4));
	}
	mrw_kernel_portable(false);
}

static void the_same_bytes_are_told_from_others(void **state)
{
	uint64_t bits[MRW_WORDS(ROOM)];

	(void)state;
	random_start();
	for (int round = 0; round < 1000; round++) {
		size_t size = 1 + random_below(20), positions = 1 + random_below(200);

		new_buffers(positions - 1 + size);
		mrw_kernel_same(now, then, size, positions, 1, bits);
		for (size_t i = 0; i < positions; i++)
			assert_int_equal(mrw_bit(bits, i), !memcmp(now + i, then + i, size));
	}
}

static int free_buffers(void **state)
{
	(void)state;
	free(now);
	free(then);
	return 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_condition_finds_what_a_plain_reading_does),
	cmocka_unit_test(so_does_the_code_for_any_processor),
	cmocka_unit_test(patterns_find_what_a_plain_reading_does),
	cmocka_unit_test_teardown(the_same_bytes_are_told_from_others, free_buffers),
};

unit_main(tests)
