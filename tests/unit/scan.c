// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scans of a target, pass after pass, beside a list of matches that is kept by
 * plain reading of memory with the same bytes.
 */
#include "support/field.h"
#include "support/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The list beside it
 */

struct beside {
	enum memrw_type type;
	size_t size;
	size_t step;
	size_t start;
	size_t end;
	bool *match;
	uint8_t *old;
};

static void beside_start(struct beside *beside, enum memrw_type type, size_t step,
			 size_t start, size_t end)
{
	*beside = (struct beside){
		.type = type,
		.size = memrw_type_size(type),
		.step = step ? step : memrw_type_size(type),
		.start = start,
		.end = end,
		.match = calloc(FIELD, sizeof(bool)),
		.old = malloc(FIELD),
	};
	for (size_t i = start; i + beside->size <= end; i++)
		beside->match[i] = ((uintptr_t)field + i) % beside->step == 0;
	memcpy(beside->old, field, FIELD);
}

static void beside_stop(struct beside *beside)
{
	free(beside->match);
	free(beside->old);
}

static double number_at(const struct beside *beside, const uint8_t *bytes)
{
	float single;
	double number;
	int64_t word = 0;

	if (beside->type == MEMRW_TYPE_F32) {
		memcpy(&single, bytes, sizeof(single));
		return single;
	}
	memcpy(&number, bytes, sizeof(number) < beside->size ? sizeof(number) : beside->size);
	if (beside->type == MEMRW_TYPE_F64)
		return number;
	/* Small enough types that a double has all of their values. */
	memcpy(&word, bytes, beside->size);
	if (memrw_type_name(beside->type)[0] == 'i') {
		word = (uint64_t)word << (64 - 8 * beside->size);
		word >>= 64 - 8 * beside->size;
	}
	return (double)word;
}

static bool keeps(const struct beside *beside, enum memrw_scan_op op, size_t i, double operand)
{
	double is = number_at(beside, field + i), was = number_at(beside, beside->old + i);
	bool same = !memcmp(field + i, beside->old + i, beside->size) || is == was;

	switch (op) {
	case MEMRW_SCAN_EQ:
		return is == operand;
	case MEMRW_SCAN_NE:
		return is != operand;
	case MEMRW_SCAN_GT:
		return is > operand;
	case MEMRW_SCAN_LT:
		return is < operand;
	case MEMRW_SCAN_CHANGED:
		return !same;
	case MEMRW_SCAN_UNCHANGED:
		return same;
	case MEMRW_SCAN_INCREASED:
		return is > was;
	case MEMRW_SCAN_DECREASED:
		return is < was;
	case MEMRW_SCAN_INCREASED_BY:
		return is - was == operand;
	default:
		return true;
	}
}

static size_t beside_run(struct beside *beside, enum memrw_scan_op op, double operand)
{
	size_t count = 0;

	for (size_t i = 0; i < FIELD; i++) {
		beside->match[i] = beside->match[i] && keeps(beside, op, i, operand);
		count += beside->match[i];
	}
	memcpy(beside->old, field, FIELD);
	return count;
}

static size_t next_match(const struct beside *beside, size_t i)
{
	while (i < FIELD && !beside->match[i])
		i++;
	return i;
}

static void assert_alike(struct memrw_scan *scan, const struct beside *beside)
{
	struct memrw_scan_iter *iter = memrw_scan_iter_open(scan, 0, MEMRW_SCAN_READ);
	struct memrw_scan_match match;
	size_t i = next_match(beside, 0);

	assert_non_null(iter);
	while (memrw_scan_iter_next(iter, &match) > 0) {
		assert_int_equal(match.address, (uintptr_t)field + i);
		assert_int_equal(match.length, beside->size);
		assert_int_equal(match.types, MEMRW_SCAN_TYPE(beside->type));
		assert_memory_equal(match.old, field + i, beside->size);
		assert_non_null(match.current);
		assert_memory_equal(match.current, field + i, beside->size);
		i = next_match(beside, i + 1);
	}
	assert_int_equal(i, FIELD);
	memrw_scan_iter_close(iter);
}

/*
 * Passes
 */

static void both_run(struct memrw_scan *scan, struct beside *beside,
		     enum memrw_scan_op op, const char *value)
{
	field_run(scan, op, value);
	assert_int_equal(memrw_scan_count(scan), beside_run(beside, op, value ? atof(value) : 0));
	assert_alike(scan, beside);
}

static void run_story(enum memrw_type type, unsigned int alignment, unsigned int threads)
{
	/* From an odd address to another one, in the midst of pages. */
	const size_t start = 4099, end = FIELD - 777;
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_TYPE(type), start, end);
	struct beside beside;

	assert_int_equal(memrw_scan_set_alignment(scan, alignment), 0);
	assert_int_equal(memrw_scan_set_threads(scan, threads), 0);
	beside_start(&beside, type, alignment, start, end);
	both_run(scan, &beside, MEMRW_SCAN_UNKNOWN, NULL);
	field_change(type + 1);
	both_run(scan, &beside, MEMRW_SCAN_UNCHANGED, NULL);
	field_change(type + 2);
	both_run(scan, &beside, MEMRW_SCAN_CHANGED, NULL);
	field_change(type + 3);
	both_run(scan, &beside, type % 2 ? MEMRW_SCAN_INCREASED : MEMRW_SCAN_NE, "0");
	both_run(scan, &beside, MEMRW_SCAN_GT, "0");
	beside_stop(&beside);
	memrw_scan_close(scan);
}

static void passes_keep_what_a_plain_reading_keeps(void **state)
{
	static const enum memrw_type types[] = {
		MEMRW_TYPE_U8, MEMRW_TYPE_I16, MEMRW_TYPE_I32, MEMRW_TYPE_U32,
		MEMRW_TYPE_F32, MEMRW_TYPE_F64,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		run_story(types[i], 0, 1);
		run_story(types[i], 1, 3);
		run_story(types[i], 16, 0);
	}
}

static void run_exact(enum memrw_type type, unsigned int alignment, const char *value)
{
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_TYPE(type), 0, FIELD);
	struct beside beside;

	assert_int_equal(memrw_scan_set_alignment(scan, alignment), 0);
	beside_start(&beside, type, alignment, 0, FIELD);
	both_run(scan, &beside, MEMRW_SCAN_EQ, value);
	field_change(77);
	both_run(scan, &beside, MEMRW_SCAN_INCREASED_BY, "1");
	beside_stop(&beside);
	memrw_scan_close(scan);
}

static void an_exact_value_is_found_wherever_it_is(void **state)
{
	(void)state;
	run_exact(MEMRW_TYPE_U8, 0, "1");
	run_exact(MEMRW_TYPE_U16, 1, "257");
	run_exact(MEMRW_TYPE_I32, 0, "-1");
	run_exact(MEMRW_TYPE_I32, 1, "0");
	run_exact(MEMRW_TYPE_F32, 4, "0");
	run_exact(MEMRW_TYPE_F64, 2, "0");
}

/* Over the end of a page, of a chunk, and up to the end of what is looked at. */
static void a_value_over_a_border_is_found(void **state)
{
	size_t chunk = (1 << 18) - (uintptr_t)field % (1 << 18);
	const size_t places[] = { 4096 - 3, chunk - 1, chunk - 7, FIELD - 8 };
	uint64_t value = 0x123456789abcdef5;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct memrw_scan *scan = field_scan(MEMRW_SCAN_TYPE(MEMRW_TYPE_U64), 0, FIELD);
		struct memrw_scan_match match;
		struct memrw_scan_iter *iter;

		value += i;
		assert_int_equal(memrw_target_write(field_target, (uintptr_t)field + places[i],
						    &value, sizeof(value), 0), 8);
		memcpy(field + places[i], &value, sizeof(value));
		memrw_scan_set_alignment(scan, 1);
		{
			char text[32];

			snprintf(text, sizeof(text), "0x%llx", (unsigned long long)value);
			field_run(scan, MEMRW_SCAN_EQ, text);
		}
		assert_int_equal(memrw_scan_count(scan), 1);
		iter = memrw_scan_iter_open(scan, 0, 0);
		assert_int_equal(memrw_scan_iter_next(iter, &match), 1);
		assert_int_equal(match.address, (uintptr_t)field + places[i]);
		assert_null(match.current);
		memrw_scan_iter_close(iter);
		memrw_scan_close(scan);
	}
}

/* What is found does not depend on who looked. */
static void one_thread_and_many_find_the_same(void **state)
{
	struct memrw_scan *one = field_scan(MEMRW_SCAN_ANY_NUMBER, 0, FIELD);
	struct memrw_scan *many = field_scan(MEMRW_SCAN_ANY_NUMBER, 0, FIELD);
	struct memrw_scan_iter *iters[2];
	struct memrw_scan_match matches[2];
	int more;

	(void)state;
	memrw_scan_set_threads(one, 1);
	memrw_scan_set_threads(many, 7);
	field_run(one, MEMRW_SCAN_EQ, "1");
	field_run(many, MEMRW_SCAN_EQ, "1");
	assert_true(memrw_scan_count(one) > 0);
	iters[0] = memrw_scan_iter_open(one, 0, 0);
	iters[1] = memrw_scan_iter_open(many, 0, 0);
	do {
		more = memrw_scan_iter_next(iters[0], &matches[0]);
		assert_int_equal(more, memrw_scan_iter_next(iters[1], &matches[1]));
		if (more <= 0)
			break;
		assert_int_equal(matches[0].address, matches[1].address);
		assert_int_equal(matches[0].types, matches[1].types);
		assert_memory_equal(matches[0].old, matches[1].old, matches[0].length);
	} while (true);
	assert_int_equal(more, 0);
	memrw_scan_iter_close(iters[0]);
	memrw_scan_iter_close(iters[1]);
	memrw_scan_close(one);
	memrw_scan_close(many);
}

/*
 * Several types
 */

static unsigned int plain_types(size_t i, int wanted)
{
	const uint8_t *bytes = field + i;
	uintptr_t address = (uintptr_t)bytes;
	unsigned int types = 0;
	uint64_t word = 0;
	double number;
	float single;

	for (unsigned int type = MEMRW_TYPE_I8; type <= MEMRW_TYPE_U64; type++) {
		size_t size = memrw_type_size(type);

		word = 0;
		memcpy(&word, bytes, size);
		if (address % size == 0 && i + size <= FIELD && word == (uint64_t)wanted)
			types |= MEMRW_SCAN_TYPE(type);
	}
	memcpy(&single, bytes, sizeof(single));
	if (address % 4 == 0 && i + 4 <= FIELD && single == (float)wanted)
		types |= MEMRW_SCAN_TYPE(MEMRW_TYPE_F32);
	memcpy(&number, bytes, sizeof(number));
	if (address % 8 == 0 && i + 8 <= FIELD && number == wanted)
		types |= MEMRW_SCAN_TYPE(MEMRW_TYPE_F64);
	return types;
}

static void any_number_tells_which_types_it_may_be(void **state)
{
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_ANY_NUMBER, 0, FIELD);
	struct memrw_scan_match match;
	struct memrw_scan_iter *iter;
	float three = 3;
	size_t i = 0;

	(void)state;
	assert_int_equal(memrw_target_write(field_target, (uintptr_t)field + 8, &three, 4, 0), 4);
	memcpy(field + 8, &three, 4);
	field_run(scan, MEMRW_SCAN_EQ, "3");
	iter = memrw_scan_iter_open(scan, 0, 0);
	for (; memrw_scan_iter_next(iter, &match) > 0; i++) {
		/* The last bytes are not read past. */
		for (; i < FIELD - 8 && !plain_types(i, 3); i++)
			;
		if (i >= FIELD - 8)
			break;
		assert_int_equal(match.address, (uintptr_t)field + i);
		assert_int_equal(match.types, plain_types(i, 3));
	}
	assert_true(i > 100);
	memrw_scan_iter_close(iter);
	memrw_scan_close(scan);
}

/* A byte that is 5 and becomes 7 was no number of four bytes that is 300. */
static void a_type_that_no_longer_matches_is_dropped(void **state)
{
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_ANY_INT, 16, 20);
	static const uint8_t before[] = { 5, 0, 0, 0 }, after[] = { 5, 1, 0, 0 };
	struct memrw_scan_match match;
	struct memrw_scan_iter *iter;

	(void)state;
	memrw_target_write(field_target, (uintptr_t)field + 16, before, 4, 0);
	field_run(scan, MEMRW_SCAN_EQ, "5");
	assert_int_equal(memrw_scan_count(scan), 1);
	memrw_target_write(field_target, (uintptr_t)field + 16, after, 4, 0);
	field_run(scan, MEMRW_SCAN_EQ, "261");
	iter = memrw_scan_iter_open(scan, 0, 0);
	assert_int_equal(memrw_scan_iter_next(iter, &match), 1);
	assert_int_equal(match.types,
			 MEMRW_SCAN_TYPE(MEMRW_TYPE_I16) | MEMRW_SCAN_TYPE(MEMRW_TYPE_U16) |
			 MEMRW_SCAN_TYPE(MEMRW_TYPE_I32) | MEMRW_SCAN_TYPE(MEMRW_TYPE_U32));
	assert_int_equal(match.length, 4);
	memrw_scan_iter_close(iter);
	memrw_scan_close(scan);
}

#define field_test(test) cmocka_unit_test_setup_teardown(test, field_start, field_stop)

static const struct CMUnitTest tests[] = {
	field_test(passes_keep_what_a_plain_reading_keeps),
	field_test(an_exact_value_is_found_wherever_it_is),
	field_test(a_value_over_a_border_is_found),
	field_test(one_thread_and_many_find_the_same),
	field_test(any_number_tells_which_types_it_may_be),
	field_test(a_type_that_no_longer_matches_is_dropped),
};

unit_main(tests)
