// SPDX-License-Identifier: GPL-2.0-only
/* Scans for texts, patterns, fractions and pointers; and where they look. */
#include "support/field.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F32	MEMRW_SCAN_TYPE(MEMRW_TYPE_F32)
#define F64	MEMRW_SCAN_TYPE(MEMRW_TYPE_F64)

/* In the midst of zeros, over the end of a page. */
#define SPOT	((size_t)(1 << 18) + 3 * 4096 - 5)

static void put(const void *bytes, size_t length)
{
	assert_int_equal(memrw_target_write(field_target, (uintptr_t)field + SPOT, bytes,
					    length, 0), length);
}

static struct memrw_scan *scan_spot(unsigned int types)
{
	return field_scan(types, SPOT - 64, SPOT + 64);
}

static uint64_t find(unsigned int types, bool fold, bool big, const char *value)
{
	struct memrw_scan *scan = scan_spot(types);
	uint64_t count;

	memrw_scan_set_fold_case(scan, fold);
	memrw_scan_set_big_endian(scan, big);
	field_run(scan, MEMRW_SCAN_EQ, value);
	count = memrw_scan_count(scan);
	memrw_scan_close(scan);
	return count;
}

/*
 * Texts
 */

static void a_text_is_found_in_either_coding(void **state)
{
	(void)state;
	put("Gr\xc3\xbc\xc3\x9f" "e, 3 \xe2\x82\xac", 14);
	assert_int_equal(find(MEMRW_SCAN_STR, false, false, "Gr\xc3\xbc\xc3\x9f" "e"), 1);
	assert_int_equal(find(MEMRW_SCAN_STR, false, false, "gr\xc3\xbc\xc3\x9f" "e"), 0);
	assert_int_equal(find(MEMRW_SCAN_STR, false, false, "\xe2\x82\xac"), 1);
	/* In front, a byte that is no half of a character. */
	put("xG\0r\0\xfc\0\xdf\0\x3d\xd8\x00\xde\0\0", 15);
	assert_int_equal(find(MEMRW_SCAN_STR16, false, false,
			      "Gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80"), 1);
	assert_int_equal(find(MEMRW_SCAN_STR16, false, true, "Gr\xc3\xbc"), 0);
	put("\0G\0r\0\xfc\0\0\0\0\0\0\0\0\0", 15);
	assert_int_equal(find(MEMRW_SCAN_STR16, false, true, "Gr\xc3\xbc"), 1);
}

static void case_may_be_folded(void **state)
{
	(void)state;
	put("STRA\xc3\x89 \xd0\xa0\xd1\x83\xd1\x81\0\0\0", 16);
	assert_int_equal(find(MEMRW_SCAN_STR, true, false, "stra\xc3\xa9 "), 1);
	assert_int_equal(find(MEMRW_SCAN_STR, false, false, "stra\xc3\xa9 "), 0);
	/* A letter whose cases differ in both of its bytes. */
	assert_int_equal(find(MEMRW_SCAN_STR, true, false, "\xd1\x80\xd0\xa3\xd0\xa1"), 1);
	/* Neither of them, but half of each. */
	put("\xd1\xa0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(find(MEMRW_SCAN_STR, true, false, "\xd1\x80"), 0);
	/* No letter: what differs in the same bit is another character. */
	put("[\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(find(MEMRW_SCAN_STR, true, false, "["), 1);
	assert_int_equal(find(MEMRW_SCAN_STR, true, false, "{"), 0);
}

static void what_is_no_text_is_refused(void **state)
{
	struct memrw_scan *scan = scan_spot(MEMRW_SCAN_STR);
	char *text = calloc(1, MEMRW_SCAN_LENGTH_MAX + 2);

	(void)state;
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, ""), EINVAL);
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, "\xff"), EINVAL);
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, "\xc0\x80"), EINVAL);
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, "\xed\xa0\x80"), EINVAL);
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, "a\xe2\x82"), EINVAL);
	memset(text, 'x', MEMRW_SCAN_LENGTH_MAX + 1);
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, text), EMSGSIZE);
	text[MEMRW_SCAN_LENGTH_MAX] = '\0';
	field_run(scan, MEMRW_SCAN_EQ, text);
	assert_errno(field_try(scan, MEMRW_SCAN_EQ, "short"), EMSGSIZE);
	free(text);
	memrw_scan_close(scan);
}

static void a_text_may_change(void **state)
{
	struct memrw_scan *scan = scan_spot(MEMRW_SCAN_STR);

	(void)state;
	put("one one two", 11);
	field_run(scan, MEMRW_SCAN_EQ, "one");
	assert_int_equal(memrw_scan_count(scan), 2);
	put("one two two", 11);
	field_run(scan, MEMRW_SCAN_CHANGED, NULL);
	assert_int_equal(memrw_scan_count(scan), 1);
	field_run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	field_run(scan, MEMRW_SCAN_NE, "one");
	field_run(scan, MEMRW_SCAN_EQ, "two");
	assert_int_equal(memrw_scan_count(scan), 1);
	memrw_scan_close(scan);
}

static void a_pattern_has_wildcards(void **state)
{
	(void)state;
	put("\xde\xad\x42\xbf\xde\x00\x4e\x0f", 8);
	assert_int_equal(find(MEMRW_SCAN_BYTES, false, false, "de ?? 4? ?f"), 2);
	assert_int_equal(find(MEMRW_SCAN_BYTES, false, false, "de??4??f"), 2);
	assert_int_equal(find(MEMRW_SCAN_BYTES, false, false, "de ? 4? ?f"), 2);
	assert_int_equal(find(MEMRW_SCAN_BYTES, false, false, "DE AD"), 1);
	assert_int_equal(find(MEMRW_SCAN_BYTES, false, false, "? 42"), 1);
}

static void what_is_no_pattern_is_refused(void **state)
{
	static const char *const texts[] = { "", "d", "de a", "de xx", "de ad b", "0x12", "d e" };
	struct memrw_scan *scan = scan_spot(MEMRW_SCAN_BYTES);

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_errno(field_try(scan, MEMRW_SCAN_EQ, texts[i]), EINVAL);
	memrw_scan_close(scan);
}

/* As long as may be, from before one chunk's end to behind it. */
static void the_longest_pattern_is_found_over_a_border(void **state)
{
	size_t chunk = (1 << 18) - (uintptr_t)field % (1 << 18);
	size_t start = chunk - MEMRW_SCAN_LENGTH_MAX + 1;
	char *text = malloc(2 * MEMRW_SCAN_LENGTH_MAX + 1);
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_BYTES, 0, FIELD);
	struct memrw_scan_match match;
	struct memrw_scan_iter *iter;

	(void)state;
	for (size_t i = 0; i < MEMRW_SCAN_LENGTH_MAX; i++)
		sprintf(text + 2 * i, "%02x", field[start + i]);
	field_run(scan, MEMRW_SCAN_EQ, text);
	assert_int_equal(memrw_scan_count(scan), 1);
	iter = memrw_scan_iter_open(scan, 0, MEMRW_SCAN_READ);
	assert_int_equal(memrw_scan_iter_next(iter, &match), 1);
	assert_int_equal(match.address, (uintptr_t)field + start);
	assert_memory_equal(match.current, field + start, MEMRW_SCAN_LENGTH_MAX);
	memrw_scan_iter_close(iter);
	memrw_scan_close(scan);
	free(text);
}

/*
 * Fractions
 */

static uint64_t find_fraction(unsigned int types, enum memrw_scan_rounding rounding,
			      double tolerance, const char *value)
{
	struct memrw_scan *scan = scan_spot(types);
	uint64_t count;

	memrw_scan_set_alignment(scan, 1);
	memrw_scan_set_rounding(scan, rounding);
	memrw_scan_set_tolerance(scan, tolerance);
	field_run(scan, MEMRW_SCAN_EQ, value);
	count = memrw_scan_count(scan);
	memrw_scan_close(scan);
	return count;
}

static void fractions_are_equal_as_the_rounding_says(void **state)
{
	double number = 3.14159;
	float single = 2.71828F;

	(void)state;
	put(&number, sizeof(number));
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_EXACT, 0, "3.14159"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_EXACT, 0, "3.14"), 0);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_EXACT, 0.01, "3.14"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_ROUNDED, 0, "3.14"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_ROUNDED, 0, "3.1416"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_ROUNDED, 0, "3.1415"), 0);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_TRUNCATED, 0, "3.1415"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_TRUNCATED, 0, "3.1416"), 0);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_ROUNDED, 0, "3"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_ROUNDED, 0, "0.314e1"), 1);
	number = -3.14159;
	put(&number, sizeof(number));
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_TRUNCATED, 0, "-3.1415"), 1);
	assert_int_equal(find_fraction(F64, MEMRW_SCAN_ROUNDED, 0, "-3.14"), 1);
	put("\0\0\0\0\0\0\0\0", 8);
	put(&single, sizeof(single));
	assert_int_equal(find_fraction(F32, MEMRW_SCAN_EXACT, 0, "2.71828"), 1);
	assert_int_equal(find_fraction(F32, MEMRW_SCAN_ROUNDED, 0, "2.7"), 1);
	assert_int_equal(find_fraction(F32, MEMRW_SCAN_TRUNCATED, 0, "2.8"), 0);
}

static void fractions_are_unchanged_within_the_tolerance(void **state)
{
	struct memrw_scan *scan = field_scan(F64, SPOT, SPOT + 8);
	double number = 10;

	(void)state;
	put(&number, sizeof(number));
	memrw_scan_set_alignment(scan, 1);
	memrw_scan_set_tolerance(scan, 0.5);
	field_run(scan, MEMRW_SCAN_EQ, "10");
	number = 10.25;
	put(&number, sizeof(number));
	field_run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	assert_int_equal(memrw_scan_count(scan), 1);
	number = 12.5;
	put(&number, sizeof(number));
	field_run(scan, MEMRW_SCAN_INCREASED_BY, "2");
	assert_int_equal(memrw_scan_count(scan), 1);
	memrw_scan_close(scan);
}

/*
 * Pointers, and regions
 */

static void pointers_are_those_into_the_regions_asked_for(void **state)
{
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_TYPE(MEMRW_TYPE_PTR), SPOT, SPOT + 32);
	struct memrw_region_filter *into = memrw_region_filter_open();
	struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = MEMRW_SCAN_POINTS_INTO,
		.pointees = into,
	};
	uint64_t pointers[3] = { (uintptr_t)field + 100, (uintptr_t)field + 5000, 0x10 };
	char range[64];

	(void)state;
	put(pointers, sizeof(pointers));
	memrw_scan_set_alignment(scan, 1);
	condition.pointees = NULL;
	assert_int_equal(memrw_scan_run(scan, &condition), 0);
	assert_true(memrw_scan_count(scan) >= 2);
	snprintf(range, sizeof(range), "0x%" PRIxPTR "-0x%" PRIxPTR, (uintptr_t)field,
		 (uintptr_t)field + 4096);
	assert_int_equal(memrw_region_filter_add(into, range), 0);
	condition.pointees = into;
	assert_int_equal(memrw_scan_run(scan, &condition), 0);
	assert_int_equal(memrw_scan_count(scan), 1);
	memrw_region_filter_close(into);
	memrw_scan_close(scan);
}

static void terms_that_are_none_are_refused(void **state)
{
	static const char *const terms[] = {
		"", "writeable", "module=", "0x10", "0x20-0x10", "0x10-0x10", "-", "1-",
		"x-y", "0x10-0x20 ", "module",
	};
	struct memrw_region_filter *filter = memrw_region_filter_open();

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		assert_errno(memrw_region_filter_add(filter, terms[i]), EINVAL);
	memrw_region_filter_close(filter);
	memrw_region_filter_close(NULL);
}

static bool accepts(const char *first, const char *second, const struct memrw_region *region)
{
	struct memrw_region_filter *filter = memrw_region_filter_open();
	bool accepted;

	assert_int_equal(memrw_region_filter_add(filter, first), 0);
	if (second)
		assert_int_equal(memrw_region_filter_add(filter, second), 0);
	accepted = memrw_region_filter_accepts(filter, region);
	memrw_region_filter_close(filter);
	return accepted;
}

static void terms_of_a_kind_are_alternatives_or_demands(void **state)
{
	const struct memrw_region heap = {
		.start = 0x1000, .end = 0x3000, .name = "[heap]",
		.properties = MEMRW_REGION_READ | MEMRW_REGION_WRITE,
	};
	const struct memrw_region code = {
		.start = 0x5000, .end = 0x6000, .name = "/usr/lib/libgame.so.1", .inode = 5,
		.properties = MEMRW_REGION_READ | MEMRW_REGION_EXEC,
	};

	(void)state;
	assert_true(accepts("heap", NULL, &heap));
	assert_true(accepts("heap", "stack", &heap));
	assert_true(accepts("heap", "writable", &heap));
	assert_false(accepts("heap", "executable", &heap));
	assert_false(accepts("stack", NULL, &heap));
	assert_true(accepts("no-file", "private", &heap));
	assert_false(accepts("shared", NULL, &heap));
	assert_true(accepts("0x2fff-0x9000", NULL, &heap));
	assert_false(accepts("0x3000-0x9000", NULL, &heap));
	assert_true(accepts("0x10-0x20", "0x1000-0x1001", &heap));
	assert_true(accepts("module=libgame.so.1", NULL, &code));
	assert_true(accepts("module=/usr/lib/libgame.so.1", "heap", &code));
	assert_true(accepts("module=libgame.so.1", "heap", &heap));
	assert_false(accepts("module=game.so.1", NULL, &code));
	assert_false(accepts("no-file", NULL, &code));
}

/* Its own data, initialised and not, is found by the name of the program. */
static int own_data = 0x5ca11ed, own_bss;

static void a_module_has_its_data(void **state)
{
	struct memrw_scan *scan = memrw_scan_open(field_target);
	struct memrw_region_filter *filter = memrw_region_filter_open();
	struct memrw_scan_iter *iter;
	struct memrw_scan_match match;
	bool found[2] = { false, false };

	(void)state;
	memrw_target_write(field_target, (uintptr_t)&own_bss, &own_data, sizeof(own_data), 0);
	assert_int_equal(memrw_region_filter_add(filter, "module=scan_kinds"), 0);
	assert_int_equal(memrw_region_filter_add(filter, "writable"), 0);
	assert_int_equal(memrw_scan_set_filter(scan, filter), 0);
	memrw_region_filter_close(filter);
	field_run(scan, MEMRW_SCAN_EQ, "0x5ca11ed");
	iter = memrw_scan_iter_open(scan, 0, 0);
	while (memrw_scan_iter_next(iter, &match) > 0) {
		found[0] = found[0] || match.address == (uintptr_t)&own_data;
		found[1] = found[1] || match.address == (uintptr_t)&own_bss;
	}
	assert_true(found[0]);
	assert_true(found[1]);
	memrw_scan_iter_close(iter);
	memrw_scan_close(scan);
}

static void types_have_names(void **state)
{
	unsigned int types;

	(void)state;
	assert_int_equal(memrw_scan_types_parse("u16", &types), 0);
	assert_int_equal(types, MEMRW_SCAN_TYPE(MEMRW_TYPE_U16));
	assert_int_equal(memrw_scan_types_parse("int", &types), 0);
	assert_int_equal(types, MEMRW_SCAN_ANY_INT);
	assert_int_equal(memrw_scan_types_parse("number", &types), 0);
	assert_int_equal(types, MEMRW_SCAN_ANY_NUMBER);
	assert_int_equal(memrw_scan_types_parse("str", &types), 0);
	assert_int_equal(types, MEMRW_SCAN_STR);
	assert_errno(memrw_scan_types_parse("float", &types), EINVAL);
}

#define field_test(test) cmocka_unit_test_setup_teardown(test, field_start, field_stop)

static const struct CMUnitTest tests[] = {
	field_test(a_text_is_found_in_either_coding),
	field_test(case_may_be_folded),
	field_test(what_is_no_text_is_refused),
	field_test(a_text_may_change),
	field_test(a_pattern_has_wildcards),
	field_test(what_is_no_pattern_is_refused),
	field_test(the_longest_pattern_is_found_over_a_border),
	field_test(fractions_are_equal_as_the_rounding_says),
	field_test(fractions_are_unchanged_within_the_tolerance),
	field_test(pointers_are_those_into_the_regions_asked_for),
	cmocka_unit_test(terms_that_are_none_are_refused),
	cmocka_unit_test(terms_of_a_kind_are_alternatives_or_demands),
	field_test(a_module_has_its_data),
	cmocka_unit_test(types_have_names),
};

unit_main(tests)
