// SPDX-License-Identifier: GPL-2.0-only
/* What is made of a dump: its index, its parts, what differs from it. */
#include "support/unit.h"
#include "choice.h"
#include "comparison.h"
#include "dump_index.h"
#include "parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Differences in buffers
 */

static void assert_next(const char *before, const char *after, uint64_t address,
			size_t width, size_t from, size_t start, size_t length)
{
	size_t found = from;

	assert_int_equal(comparison_next(before, after, strlen(before), address, width,
					 &found), length);
	assert_int_equal(found, start);
}

static void differences_of_bytes(void **state)
{
	(void)state;
	assert_next("", "", 0, 1, 0, 0, 0);
	assert_next("abc", "abc", 0, 1, 0, 3, 0);
	assert_next("abc", "xbc", 0, 1, 0, 0, 1);
	assert_next("abc", "xbc", 0, 1, 1, 3, 0);
	assert_next("abc", "abx", 0, 1, 0, 2, 1);
	assert_next("abcdef", "axxdex", 0, 1, 0, 1, 2);
	assert_next("abcdef", "axxdex", 0, 1, 3, 5, 1);
	assert_next("abc", "xyz", 0, 1, 0, 0, 3);
}

static void differences_of_values_are_whole_values(void **state)
{
	(void)state;
	assert_next("abcdefgh", "abxdefgh", 0x1000, 4, 0, 0, 4);
	assert_next("abcdefgh", "abcdefgx", 0x1000, 4, 0, 4, 4);
	assert_next("abcdefgh", "abxdexgh", 0x1000, 4, 0, 0, 8);
	assert_next("abcdefghij", "abcdefghiX", 0x1000, 2, 0, 8, 2);
}

static void bytes_of_values_that_are_not_whole_count_alone(void **state)
{
	(void)state;
	/* "ab" and "gh" are halves. */
	assert_next("abcdefgh", "aXcdefgh", 0x1002, 4, 0, 1, 1);
	assert_next("abcdefgh", "abcdXfgh", 0x1002, 4, 0, 2, 4);
	assert_next("abcdefgh", "abcdefXh", 0x1002, 4, 0, 6, 1);
	assert_next("abcdefgh", "aXXdefgh", 0x1002, 4, 0, 1, 5);
}

static void long_buffers(void **state)
{
	static char before[4096], after[4096];
	size_t start = 0;

	(void)state;
	after[1000] = after[1001] = after[4095] = 1;
	assert_int_equal(comparison_next(before, after, 4096, 0, 1, &start), 2);
	assert_int_equal(start, 1000);
	start = 1002;
	assert_int_equal(comparison_next(before, after, 4096, 0, 1, &start), 1);
	assert_int_equal(start, 4095);
}

/*
 * Parts
 */

static void add(struct parts *parts, uint64_t start, uint64_t end)
{
	const struct memrw_region region = { .start = start, .end = end, .name = "name" };

	assert_non_null(parts_add(parts, &region, start, end));
}

static void parts_are_found_by_address(void **state)
{
	struct parts parts = { 0 };

	(void)state;
	assert_null(parts_find(&parts, 0));
	add(&parts, 0x1000, 0x2000);
	add(&parts, 0x2000, 0x3000);
	add(&parts, 0x5000, UINT64_MAX);
	assert_ptr_equal(parts_find(&parts, 0), &parts.items[0]);
	assert_ptr_equal(parts_find(&parts, 0x1fff), &parts.items[0]);
	assert_ptr_equal(parts_find(&parts, 0x2000), &parts.items[1]);
	assert_ptr_equal(parts_find(&parts, 0x3000), &parts.items[2]);
	assert_ptr_equal(parts_find(&parts, UINT64_MAX - 1), &parts.items[2]);
	assert_null(parts_find(&parts, UINT64_MAX));
	parts_clear(&parts);
}

static void assert_run(const struct part *part, uint64_t address, bool there,
		       uint64_t length)
{
	uint64_t found;

	assert_int_equal(part_run(part, address, &found), there);
	assert_int_equal(found, length);
}

static void runs_end_at_gaps(void **state)
{
	struct parts parts = { 0 };
	struct part *part;

	(void)state;
	add(&parts, 0x1000, 0x9000);
	part = &parts.items[0];
	assert_run(part, 0x1000, true, 0x8000);
	assert_int_equal(part_add_gap(part, 0x2000, 0x3000), 0);
	assert_int_equal(part_add_gap(part, 0x3000, 0x4000), 0);
	assert_int_equal(part->gap_count, 1);
	assert_int_equal(part_add_gap(part, 0x8000, 0x9000), 0);
	assert_int_equal(part->gap_count, 2);
	assert_run(part, 0x1000, true, 0x1000);
	assert_run(part, 0x2800, false, 0x1800);
	assert_run(part, 0x4000, true, 0x4000);
	assert_run(part, 0x8fff, false, 1);
	parts_clear(&parts);
}

static void names_of_regions(void **state)
{
	(void)state;
	assert_true(choice_is_name("[heap]", "[heap]"));
	assert_true(choice_is_name("/lib/libc.so.6", "libc.so.6"));
	assert_true(choice_is_name("/lib/libc.so.6", "/lib/libc.so.6"));
	assert_true(choice_is_name("/opt/game (deleted)", "game"));
	assert_true(choice_is_name("/opt/game (deleted)", "/opt/game"));
	assert_false(choice_is_name("/opt/game2", "game"));
	assert_false(choice_is_name("/opt/game/data", "game"));
	assert_false(choice_is_name("[heap]", "heap"));
}

/*
 * The index
 */

#define REGION(start, end, at)							\
	"{\"start\":\"" start "\",\"end\":\"" end "\",\"permissions\":\"rw-p\","	\
	"\"name\":\"n\",\"dump_offset\":" at ",\"unreadable\":[]}"

static const char *parse(const char *text, struct parts *parts)
{
	json_t *root = json_loads(text, 0, NULL);
	const char *wrong;

	assert_non_null(root);
	*parts = (struct parts){ 0 };
	wrong = dump_index_parse(root, 0x3000, parts);
	json_decref(root);
	return wrong;
}

static void index_is_parsed(void **state)
{
	struct parts parts;

	(void)state;
	assert_null(parse("{\"regions\":[" REGION("0x1000", "0x2000", "0") ","
			  REGION("0x2000", "0x4000", "4096") "]}", &parts));
	assert_int_equal(parts.count, 2);
	assert_int_equal(parts.items[1].start, 0x2000);
	assert_int_equal(parts.items[1].end, 0x4000);
	assert_int_equal(parts.items[1].at, 4096);
	assert_int_equal(parts.items[1].properties, MEMRW_REGION_READ | MEMRW_REGION_WRITE);
	assert_string_equal(parts.items[1].name, "n");
	parts_clear(&parts);
}

static void bad_index_is_refused(void **state)
{
	static const char * const bad[] = {
		"{}", "[]", "{\"regions\":{}}", "{\"regions\":[1]}", "{\"regions\":[{}]}",
		/* Not inside the file of 0x3000 bytes. */
		"{\"regions\":[" REGION("0x1000", "0x2001", "8192") "]}",
		"{\"regions\":[" REGION("0x1000", "0x2000", "-1") "]}",
		"{\"regions\":[" REGION("0", "0xffffffffffffffff", "4096") "]}",
		"{\"regions\":[" REGION("0x1000", "0x2000", "\"0\"") "]}",
		/* Not in order. */
		"{\"regions\":[" REGION("0x2000", "0x1000", "0") "]}",
		"{\"regions\":[" REGION("0x1000", "0x1000", "0") "]}",
		"{\"regions\":[" REGION("0x1000", "0x2000", "0") ","
			REGION("0x1fff", "0x3000", "0") "]}",
		/* No numbers. */
		"{\"regions\":[" REGION("x", "0x1000", "0") "]}",
		"{\"regions\":[" REGION("0x10000000000000000", "0x1000", "0") "]}",
		/* A gap that is outside. */
		"{\"regions\":[{\"start\":\"1\",\"end\":\"9\",\"permissions\":\"rw-p\","
			"\"dump_offset\":0,\"unreadable\":[{\"start\":\"8\",\"end\":\"10\"}]}]}",
		"{\"regions\":[{\"start\":\"1\",\"end\":\"9\",\"permissions\":\"rw-p\","
			"\"dump_offset\":0,\"unreadable\":[{\"start\":\"0\",\"end\":\"2\"}]}]}",
		"{\"regions\":[{\"start\":\"1\",\"end\":\"9\",\"permissions\":\"rw\","
			"\"dump_offset\":0}]}",
	};
	struct parts parts;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!parse(bad[i], &parts))
			fail_msg("taken: %s", bad[i]);
		parts_clear(&parts);
	}
}

static void index_comes_back_as_it_was(void **state)
{
	struct memrw_target *self = memrw_target_open(getpid(), unit_via(), 0);
	struct parts parts = { 0 }, again = { 0 };
	json_t *root;

	(void)state;
	assert_non_null(self);
	assert_int_equal(parts_of_target(&parts, self), 0);
	assert_true(parts.count > 3);
	/* The file is as large as all that is behind each of them. */
	for (size_t i = 0; i < parts.count; i++)
		parts.items[i].at = i;
	assert_int_equal(part_add_gap(&parts.items[1], parts.items[1].start,
				      parts.items[1].end), 0);
	root = dump_index_json(self, &parts, true, INT64_MAX);
	assert_non_null(root);
	assert_null(dump_index_parse(root, INT64_MAX, &again));
	assert_int_equal(again.count, parts.count);
	for (size_t i = 0; i < parts.count; i++) {
		assert_int_equal(again.items[i].start, parts.items[i].start);
		assert_int_equal(again.items[i].end, parts.items[i].end);
		assert_int_equal(again.items[i].at, parts.items[i].at);
		assert_int_equal(again.items[i].properties, parts.items[i].properties);
		assert_string_equal(again.items[i].name, parts.items[i].name);
	}
	assert_int_equal(again.items[1].gap_count, 1);
	json_decref(root);
	parts_clear(&parts);
	parts_clear(&again);
	memrw_target_close(self);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(differences_of_bytes),
	cmocka_unit_test(differences_of_values_are_whole_values),
	cmocka_unit_test(bytes_of_values_that_are_not_whole_count_alone),
	cmocka_unit_test(long_buffers),
	cmocka_unit_test(parts_are_found_by_address),
	cmocka_unit_test(runs_end_at_gaps),
	cmocka_unit_test(names_of_regions),
	cmocka_unit_test(index_is_parsed),
	cmocka_unit_test(bad_index_is_refused),
	cmocka_unit_test(index_comes_back_as_it_was),
};

unit_main(tests)
