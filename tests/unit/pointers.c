// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chains of pointers in made-up tables, and against trying all of them.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pointer_table.h"
#include "support/unit.h"

/* What lies below is static. */
#define STATIC_END	0x1000

static char found[1 << 20];

static bool is_static(void *data, uint64_t location)
{
	(void)data;
	return location < STATIC_END;
}

static int add_found(void *data, uint64_t start, const uint64_t *offsets,
		     unsigned int count)
{
	size_t used = strlen(found);

	(void)data;
	used += snprintf(found + used, sizeof(found) - used, "%jx", (uintmax_t)start);
	for (unsigned int i = 0; i < count; i++)
		used += snprintf(found + used, sizeof(found) - used, "+%jx",
				 (uintmax_t)offsets[i]);
	snprintf(found + used, sizeof(found) - used, "\n");
	return 0;
}

static struct mrw_pointer_search search_for(uint64_t address)
{
	found[0] = '\0';
	return (struct mrw_pointer_search){
		.address = address,
		.max_offset = 0x10,
		.depth = 4,
		.limit = 1000,
		.is_static = is_static,
		.found = add_found,
	};
}

/* Pairs of a location and the value there, up to a location of 0. */
static struct mrw_pointer_table make(const uint64_t (*pairs)[2])
{
	struct mrw_pointer_table table = { 0 };

	for (; (*pairs)[0]; pairs++)
		assert_int_equal(mrw_pointer_table_add(&table, (*pairs)[1], (*pairs)[0]), 0);
	assert_int_equal(mrw_pointer_table_sort(&table), 0);
	return table;
}

static const uint64_t example[][2] = {
	{ 0x100, 0x2000 }, { 0x108, 0x5000 }, { 0x110, 0x9999 }, { 0x118, 0x100 },
	{ 0x2008, 0x3000 }, { 0x3000, 0x5000 }, { 0x3008, 0x2000 }, { 0 },
};

static void the_shortest_chains_are_first(void **state)
{
	struct mrw_pointer_search search = search_for(0x5004);
	struct mrw_pointer_table table = make(example);

	(void)state;
	assert_int_equal(mrw_pointer_search_run(&table, &search), 1);
	assert_string_equal(found, "108+4\n100+8+0+4\n");
	mrw_pointer_table_clear(&table);
}

static void bounds_are_kept(void **state)
{
	struct mrw_pointer_table table = make(example);
	struct mrw_pointer_search search = search_for(0x5004);

	(void)state;
	search.max_offset = 7;
	assert_int_equal(mrw_pointer_search_run(&table, &search), 1);
	assert_string_equal(found, "108+4\n");
	search = search_for(0x5004);
	search.depth = 2;
	assert_int_equal(mrw_pointer_search_run(&table, &search), 1);
	assert_string_equal(found, "108+4\n");
	search = search_for(0x5004);
	search.limit = 1;
	assert_int_equal(mrw_pointer_search_run(&table, &search), 0);
	assert_string_equal(found, "108+4\n");
	search = search_for(0x5011);
	assert_int_equal(mrw_pointer_search_run(&table, &search), 1);
	assert_string_equal(found, "");
	search.depth = MRW_POINTER_DEPTH_MAX + 1;
	assert_errno(mrw_pointer_search_run(&table, &search), EINVAL);
	mrw_pointer_table_clear(&table);
}

static void an_empty_table_has_no_chain(void **state)
{
	struct mrw_pointer_search search = search_for(UINT64_MAX);
	struct mrw_pointer_table table = { 0 };

	(void)state;
	assert_int_equal(mrw_pointer_table_sort(&table), 0);
	assert_int_equal(mrw_pointer_search_run(&table, &search), 1);
	assert_string_equal(found, "");
}

static void sorting_is_by_all_bits(void **state)
{
	struct mrw_pointer_table table = { 0 };
	uint64_t random = 1;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		random = random * 6364136223846793005 + 1442695040888963407;
		assert_int_equal(mrw_pointer_table_add(&table, random >> (i % 60), i), 0);
	}
	assert_int_equal(mrw_pointer_table_sort(&table), 0);
	for (size_t i = 1; i < table.count; i++) {
		const struct mrw_pointer *before = &table.pointers[i - 1];
		const struct mrw_pointer *pointer = &table.pointers[i];

		assert_true(before->value < pointer->value ||
			    (before->value == pointer->value &&
			     before->location < pointer->location));
	}
	mrw_pointer_table_clear(&table);
}

/*
 * All chains of up to four pointers, by trying each pointer behind each
 */

static unsigned long count_from(const struct mrw_pointer_table *table, size_t *path,
				unsigned int length, uint64_t address)
{
	uint64_t value = table->pointers[path[length - 1]].value;
	unsigned long count = address >= value && address - value <= 0x10;

	for (size_t i = 0; i < table->count && length < 4; i++) {
		uint64_t location = table->pointers[i].location;
		bool again = false;

		for (unsigned int j = 0; j < length; j++)
			again |= path[j] == i;
		if (again || location < STATIC_END || location < value ||
		    location - value > 0x10)
			continue;
		path[length] = i;
		count += count_from(table, path, length + 1, address);
	}
	return count;
}

static unsigned long count_all(const struct mrw_pointer_table *table, uint64_t address)
{
	unsigned long count = 0;
	size_t path[4];

	for (size_t i = 0; i < table->count; i++) {
		path[0] = i;
		if (table->pointers[i].location < STATIC_END)
			count += count_from(table, path, 1, address);
	}
	return count;
}

static unsigned long count_lines(const char *text)
{
	unsigned long count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void random_tables_give_all_chains(void **state)
{
	unsigned long total = 0;

	(void)state;
	srandom(1);
	for (int round = 0; round < 200; round++) {
		struct mrw_pointer_search search = search_for(0x1040);
		struct mrw_pointer_table table = { 0 };
		unsigned long expected;

		for (uint64_t location = 0xf80; location < 0x1080; location += 8)
			mrw_pointer_table_add(&table, 0x1000 + random() % 0x80, location);
		assert_int_equal(mrw_pointer_table_sort(&table), 0);
		expected = count_all(&table, search.address);
		search.limit = expected;
		assert_int_equal(mrw_pointer_search_run(&table, &search), 1);
		assert_int_equal(count_lines(found), expected);
		total += expected;
		mrw_pointer_table_clear(&table);
	}
	assert_true(total > 1000);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_shortest_chains_are_first),
	cmocka_unit_test(bounds_are_kept),
	cmocka_unit_test(an_empty_table_has_no_chain),
	cmocka_unit_test(sorting_is_by_all_bits),
	cmocka_unit_test(random_tables_give_all_chains),
};

unit_main(tests)
