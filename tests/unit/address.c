// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grammar of addresses and the meaning of their names, over a made-up
 * target; and memrw_address_resolve() on this very process.
 */

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "address_parse.h"
#include "memrw.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

#define GAME	1
#define LIBC	2
#define OLD	3
#define NEW	4
#define TWIN_A	5
#define TWIN_B	6
#define PLUS	7

static const struct memrw_region regions[] = {
	{ .start = 0x1000, .end = 0x2000, .inode = GAME, .name = "/opt/game/game" },
	{ .start = 0x2000, .end = 0x3000, .inode = GAME, .name = "/opt/game/game" },
	{ .start = 0x3000, .end = 0x4000, .name = "" },
	{ .start = 0x5000, .end = 0x6000, .name = "[heap]" },
	{ .start = 0x6000, .end = 0x7000, .name = "[anon:arena+1]" },
	{ .start = 0x8000, .end = 0x9000, .name = "[anon:arena+1]" },
	{ .start = 0x10000, .end = 0x11000, .inode = LIBC, .name = "/lib/libc.so.6" },
	{ .start = 0x20000, .end = 0x21000, .inode = OLD,
	  .name = "/lib/libssl.so (deleted)" },
	{ .start = 0x30000, .end = 0x31000, .inode = NEW, .name = "/lib/libssl.so" },
	{ .start = 0x40000, .end = 0x41000, .inode = TWIN_A, .name = "/a/twin.so" },
	{ .start = 0x50000, .end = 0x51000, .inode = TWIN_B, .name = "/b/twin.so" },
	{ .start = 0x60000, .end = 0x61000, .inode = PLUS,
	  .name = "/lib/libstdc++.so.6" },
	{ .start = 0xfffffffffffff000, .end = 0xffffffffffffffff, .inode = 8,
	  .name = "/top (deleted)" },
};

static int symbol(void *data, const char *name, uint64_t *address)
{
	int *error = data;

	errno = *error;
	if (strcmp(name, "health") == 0) {
		*address = 0x2040;
		return 0;
	}
	if (strcmp(name, "libc.so.6") == 0 && *error == 0) {
		*address = 0x2080;
		return 0;
	}
	if (strcmp(name, "static_twice") == 0)
		errno = ENOTUNIQ;
	else if (*error == 0)
		errno = ENOENT;
	return -1;
}

static int evaluate_with(int symbol_error, const char *text, uint64_t *address,
			 struct mrw_message *message)
{
	struct mrw_address_scope scope = {
		.regions = regions,
		.region_count = COUNT(regions),
		.symbol = symbol,
		.data = &symbol_error,
	};
	struct mrw_address_term term;

	if (mrw_address_split(text, &term, message) < 0)
		return -1;
	return mrw_address_look_up(&term, &scope, address, message);
}

static void assert_address_with(int symbol_error, const char *text, uint64_t expected)
{
	struct mrw_message message = { "" };
	uint64_t address = ~expected;

	if (evaluate_with(symbol_error, text, &address, &message) < 0)
		fail_msg("%s: %s", text, message.text);
	if (address != expected)
		fail_msg("%s is 0x%" PRIx64 ", not 0x%" PRIx64, text, address, expected);
}

static void assert_address(const char *text, uint64_t expected)
{
	assert_address_with(ENOENT, text, expected);
}

static void assert_refused(const char *text, int error, const char *words)
{
	struct mrw_message message = { "" };
	uint64_t address = 42;

	errno = 0;
	assert_int_equal(evaluate_with(ENOENT, text, &address, &message), -1);
	assert_int_equal(errno, error);
	if (!strstr(message.text, words))
		fail_msg("%s: \"%s\" has no \"%s\"", text, message.text, words);
}

static void a_number_stands_for_itself(void **state)
{
	(void)state;
	assert_address("0", 0);
	assert_address("4096", 4096);
	assert_address("0x7fFf", 0x7fff);
	assert_address("010", 8);
	assert_address("0xffffffffffffffff", UINT64_MAX);
	assert_address("0x1000+16", 0x1010);
}

static void a_module_is_its_lowest_region(void **state)
{
	(void)state;
	assert_address("game", 0x1000);
	assert_address("game+0x10", 0x1010);
	assert_address("/opt/game/game+16", 0x1010);
	assert_address("libc.so.6+010", 0x10008);
}

static void a_plus_can_be_part_of_a_name(void **state)
{
	(void)state;
	assert_address("libstdc++.so.6", 0x60000);
	assert_address("libstdc++.so.6+0x20", 0x60020);
	assert_address("[anon:arena+1]+1", 0x6001);
}

static void a_bracketed_name_is_its_lowest_region(void **state)
{
	(void)state;
	assert_address("[heap]", 0x5000);
	assert_address("[heap]+0x10", 0x5010);
	assert_address("[anon:arena+1]", 0x6000);
}

static void a_symbol_is_found_with_and_without_an_offset(void **state)
{
	(void)state;
	assert_address("health", 0x2040);
	assert_address("health+8", 0x2048);
}

static void a_symbol_goes_before_a_module_of_the_same_name(void **state)
{
	(void)state;
	assert_address_with(0, "libc.so.6", 0x2080);
	assert_address_with(0, "/lib/libc.so.6", 0x10000);
}

static void a_module_is_found_when_symbols_cannot_be_read(void **state)
{
	(void)state;
	assert_address_with(EACCES, "libc.so.6+1", 0x10001);
}

static void the_reason_symbols_cannot_be_read_is_told(void **state)
{
	struct mrw_message message = { "" };
	uint64_t address;

	(void)state;
	assert_int_equal(evaluate_with(EACCES, "mana", &address, &message), -1);
	assert_int_equal(errno, EACCES);
	assert_non_null(strstr(message.text, strerror(EACCES)));
}

static void a_deleted_file_is_found_by_its_old_name(void **state)
{
	(void)state;
	assert_address("/top", 0xfffffffffffff000);
	assert_address("top", 0xfffffffffffff000);
	assert_address("/lib/libssl.so", 0x30000);
	assert_address("/lib/libssl.so (deleted)+1", 0x20001);
}

static void two_files_of_one_name_are_ambiguous(void **state)
{
	(void)state;
	assert_refused("twin.so", ENOTUNIQ, "/b/twin.so at 0x50000");
	assert_refused("libssl.so+1", ENOTUNIQ, "several modules");
	assert_address("/a/twin.so", 0x40000);
	assert_address("/b/twin.so+1", 0x50001);
}

static void two_symbols_of_one_name_are_ambiguous(void **state)
{
	(void)state;
	assert_refused("static_twice", ENOTUNIQ, "several symbols");
}

static void an_unknown_name_is_not_found(void **state)
{
	(void)state;
	assert_refused("mana", ENOENT, "no module or symbol is called \"mana\"");
	assert_refused("mana+1", ENOENT, "\"mana\"");
	assert_refused("gam", ENOENT, "\"gam\"");
	assert_refused("game/game", ENOENT, "no region");
	assert_refused("[stack]", ENOENT, "no region is called \"[stack]\"");
	assert_refused("0x12zz", ENOENT, "\"0x12zz\"");
	assert_refused("-1", ENOENT, "\"-1\"");
	assert_refused("game+", ENOENT, "\"game+\"");
	assert_refused("game+zz", ENOENT, "\"game+zz\"");
	assert_refused("game+1+1", ENOENT, "\"game+1\"");
	assert_refused("(deleted)", ENOENT, "\"(deleted)\"");
}

static void malformed_text_is_refused(void **state)
{
	(void)state;
	assert_refused("", EINVAL, "empty");
	assert_refused("[heap", EINVAL, "closing bracket");
	assert_refused("[heap]x", EINVAL, "\"x\" behind the bracket");
	assert_refused("[heap]+", EINVAL, "\"+\" behind the bracket");
	assert_refused("[heap]+0x", EINVAL, "behind the bracket");
	assert_refused("[heap]-1", EINVAL, "behind the bracket");
	assert_refused("+1", EINVAL, "before the \"+\"");
}

static void what_passes_64_bits_is_out_of_range(void **state)
{
	(void)state;
	assert_refused("0x10000000000000000", ERANGE, "number does not fit");
	assert_refused("game+0x10000000000000000", ERANGE, "offset does not fit");
	assert_refused("0xffffffffffffffff+1", ERANGE, "sum does not fit");
	assert_refused("top+0x1000", ERANGE, "sum does not fit");
	assert_address("top+0xfff", UINT64_MAX);
}

static void a_long_name_does_not_overflow_the_message(void **state)
{
	static char text[100000];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_refused(text, ENOENT, "aaaa");
}

/*
 * On this process
 */

int test_address_object = 7;

static struct memrw_target *open_self(void)
{
	struct memrw_target *target;

	target = memrw_target_open(getpid(), MEMRW_BACKEND_PROCFS, 0);
	assert_non_null(target);
	return target;
}

static void resolve_finds_an_object_of_the_executable(void **state)
{
	struct memrw_target *target = open_self();
	uint64_t address;

	(void)state;
	assert_int_equal(memrw_address_resolve(target, "test_address_object+1",
					       &address), 0);
	assert_int_equal(address, (uintptr_t)&test_address_object + 1);
	memrw_target_close(target);
}

static void resolve_finds_a_module(void **state)
{
	struct memrw_target *target = open_self();
	uint64_t address;
	char magic[4];

	(void)state;
	assert_int_equal(memrw_address_resolve(target, "libc.so.6", &address), 0);
	assert_int_equal(memrw_target_read(target, address, magic, 4, 0), 4);
	assert_memory_equal(magic, "\177ELF", 4);
	memrw_target_close(target);
}

static void resolve_tells_what_was_wrong(void **state)
{
	struct memrw_target *target = open_self();
	uint64_t address;

	(void)state;
	errno = 0;
	assert_int_equal(memrw_address_resolve(target, "no_such_name", &address), -1);
	assert_int_equal(errno, ENOENT);
	assert_non_null(strstr(memrw_address_error(), "no_such_name"));
	memrw_target_close(target);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_stands_for_itself),
		cmocka_unit_test(a_module_is_its_lowest_region),
		cmocka_unit_test(a_plus_can_be_part_of_a_name),
		cmocka_unit_test(a_bracketed_name_is_its_lowest_region),
		cmocka_unit_test(a_symbol_is_found_with_and_without_an_offset),
		cmocka_unit_test(a_symbol_goes_before_a_module_of_the_same_name),
		cmocka_unit_test(a_module_is_found_when_symbols_cannot_be_read),
		cmocka_unit_test(the_reason_symbols_cannot_be_read_is_told),
		cmocka_unit_test(a_deleted_file_is_found_by_its_old_name),
		cmocka_unit_test(two_files_of_one_name_are_ambiguous),
		cmocka_unit_test(two_symbols_of_one_name_are_ambiguous),
		cmocka_unit_test(an_unknown_name_is_not_found),
		cmocka_unit_test(malformed_text_is_refused),
		cmocka_unit_test(what_passes_64_bits_is_out_of_range),
		cmocka_unit_test(a_long_name_does_not_overflow_the_message),
		cmocka_unit_test(resolve_finds_an_object_of_the_executable),
		cmocka_unit_test(resolve_finds_a_module),
		cmocka_unit_test(resolve_tells_what_was_wrong),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
