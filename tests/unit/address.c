// SPDX-License-Identifier: GPL-2.0-only
/*
 * The grammar of addresses and the meaning of their names, over a made-up
 * target; and memrw_address_resolve() on this very process.
 */

#include <dlfcn.h>
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
#define MINUS	8
#define COLON	9
#define ZIP	10

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
	{ .start = 0x70000, .end = 0x71000, .inode = MINUS, .name = "/bin/game-2" },
	{ .start = 0x72000, .end = 0x73000, .inode = COLON, .name = "/lib/c:d.so" },
	{ .start = 0x74000, .end = 0x75000, .inode = ZIP, .name = "/bin/7-zip" },
	{ .start = 0xfffffffffffff000, .end = 0xffffffffffffffff, .inode = 8,
	  .name = "/top (deleted)" },
};

/* Of the executable, whose symbols may be out of reach. */
static int executable_symbol(int error, const char *name, uint64_t *address)
{
	errno = error;
	if (strcmp(name, "health") == 0) {
		*address = 0x2040;
		return 0;
	}
	if (strcmp(name, "libc.so.6") == 0 && error == 0) {
		*address = 0x2080;
		return 0;
	}
	if (strcmp(name, "static_twice") == 0)
		errno = ENOTUNIQ;
	else if (error == 0)
		errno = ENOENT;
	return -1;
}

static int module_symbol(const struct memrw_region *module, const char *name,
			 uint64_t *address)
{
	if (module->inode == TWIN_A) {
		errno = EACCES;
		return -1;
	}
	errno = strcmp(name, "twice") == 0 ? ENOTUNIQ : ENOENT;
	if (strcmp(name, "puts") != 0 && strcmp(name, "a-b") != 0)
		return -1;
	*address = module->start + (name[0] == 'p' ? 0x100 : 0x200);
	return 0;
}

static int symbol(void *data, const struct memrw_region *module, const char *name,
		  uint64_t *address)
{
	int *error = data;

	return module ? module_symbol(module, name, address) :
			executable_symbol(*error, name, address);
}

/* Each word of [0x1000, 0x4000) points 0x1000 bytes on. */
static int pointer(void *data, uint64_t address, uint64_t *value)
{
	(void)data;
	if (address < 0x1000 || address >= 0x4000) {
		errno = EIO;
		return -1;
	}
	*value = address + 0x1000;
	return 0;
}

static int evaluate_with(int symbol_error, const char *text, uint64_t *address,
			 struct mrw_message *message)
{
	struct mrw_address_scope scope = {
		.regions = regions,
		.region_count = COUNT(regions),
		.symbol = symbol,
		.pointer = pointer,
		.data = &symbol_error,
	};

	return mrw_address_evaluate(text, &scope, address, message);
}

static void assert_address_with(int symbol_error, const char *text, uint64_t expected)
{
	struct mrw_message message = { .text = "" };
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

/* @position: of what is wrong in @text, or -1 where that does not matter */
static void assert_refused_at(const char *text, int error, const char *words,
			      long position)
{
	struct mrw_message message = { .text = "" };
	uint64_t address = 42;

	errno = 0;
	assert_int_equal(evaluate_with(ENOENT, text, &address, &message), -1);
	assert_int_equal(errno, error);
	if (!strstr(message.text, words))
		fail_msg("%s: \"%s\" has no \"%s\"", text, message.text, words);
	if (position >= 0 && message.position != (size_t)position)
		fail_msg("%s: at %zu, not %ld", text, message.position, position);
	assert_true(message.position <= strlen(text));
}

static void assert_refused(const char *text, int error, const char *words)
{
	assert_refused_at(text, error, words, -1);
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
	struct mrw_message message = { .text = "" };
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
	assert_refused("[anon:x]+1", ENOENT, "no region is called \"[anon:x]\"");
	assert_refused("0x12zz", ENOENT, "\"0x12zz\"");
	assert_refused_at("game+zz", ENOENT, "\"zz\"", 5);
	assert_refused("(deleted)", ENOENT, "\"(deleted)\"");
	assert_refused("libmissing++.so.6", ENOENT, "\"libmissing++.so.6\"");
	assert_refused("libmissing-1.2.so+8", ENOENT, "\"libmissing-1.2.so\"");
	assert_refused_at("game + [ 8 + mana ]", ENOENT, "\"mana\"", 13);
}

static void malformed_text_is_refused(void **state)
{
	(void)state;
	assert_refused_at("", EINVAL, "empty", 0);
	assert_refused_at("[heap", EINVAL, "closing bracket", 0);
	assert_refused_at("8+[[heap]", EINVAL, "closing bracket", 2);
	assert_refused_at("[heap]x", EINVAL, "\"x\" stands where", 6);
	assert_refused_at("[heap]]", EINVAL, "\"]\" stands where", 6);
	assert_refused_at("[heap]+", EINVAL, "missing at the end", 7);
	assert_refused_at("game+", EINVAL, "missing at the end", 5);
	assert_refused_at("+1", EINVAL, "before the \"+\"", 0);
	assert_refused_at("-1", EINVAL, "before the \"-\"", 0);
	assert_refused_at("game++1", EINVAL, "before the \"+\"", 5);
	assert_refused_at("[]", EINVAL, "before the \"]\"", 1);
	assert_refused_at("[game+]", EINVAL, "before the \"]\"", 6);
	assert_refused_at("  ", EINVAL, "missing at the end", 2);
}

static void sums_go_from_left_to_right(void **state)
{
	(void)state;
	assert_address("game+1+1", 0x1002);
	assert_address("game-0x10", 0xff0);
	assert_address("game-0x10+1", 0xff1);
	assert_address("game - 0x10 + 010", 0xff8);
	assert_address("[heap]-1", 0x4fff);
	assert_address("0x10+game", 0x1010);
	assert_address("health-game", 0x1040);
	assert_address("[heap] - game + health", 0x6040);
}

static void a_minus_can_be_part_of_a_name(void **state)
{
	(void)state;
	assert_address("game-2", 0x70000);
	assert_address("game-2-2", 0x6fffe);
	assert_address("game-2+0x10", 0x70010);
	assert_address("game-3", 0xffd);
	assert_address("7-zip+1", 0x74001);
	assert_address("8-7", 1);
	assert_address("[7-zip-7-zip+game]", 0x2000);
}

static void quotes_end_a_name(void **state)
{
	(void)state;
	assert_address("\"game\"-2", 0xffe);
	assert_address("'game-2'-2", 0x6fffe);
	assert_address("\"health\"+8", 0x2048);
	assert_address("'/lib/libssl.so (deleted)'", 0x20000);
	assert_refused_at("8+\"gam\"", ENOENT, "\"gam\"", 2);
	assert_refused_at("8+\"game", EINVAL, "no closing", 2);
	assert_refused_at("''", EINVAL, "nothing in the quotes", 0);
	assert_refused_at("'game'x", EINVAL, "\"x\" stands where", 6);
}

static void a_colon_leads_to_a_symbol_of_a_module(void **state)
{
	(void)state;
	assert_address("libc.so.6:puts", 0x10100);
	assert_address("/lib/libc.so.6:puts+8", 0x10108);
	assert_address("libstdc++.so.6:a-b-8", 0x601f8);
	assert_address("c:d.so", 0x72000);
	assert_address("c:d.so:puts", 0x72100);
	assert_address("'c:d.so':puts-1", 0x720ff);
	assert_address("'libc.so.6':\"a-b\"", 0x10200);
	assert_refused("libc.so.6:gets", ENOENT,
		       "the module \"libc.so.6\" has no symbol \"gets\"");
	assert_refused("libc.so.6:gets+8", ENOENT, "no symbol \"gets\"");
	assert_refused("'libc.so.6':gets+8", ENOENT, "no symbol \"gets\"");
	assert_refused("libm.so.6:sin", ENOENT, "no module is called \"libm.so.6\"");
	assert_refused("libc.so.6:twice", ENOTUNIQ, "several symbols");
	assert_refused("twin.so:puts", ENOTUNIQ, "several modules");
	assert_refused("/a/twin.so:puts", EACCES, strerror(EACCES));
	assert_refused("libc.so.6:", ENOENT, "\"libc.so.6:\"");
	assert_refused_at("'libc.so.6':", EINVAL, "missing at the end", 12);
}

static void a_bracket_reads_a_pointer(void **state)
{
	(void)state;
	assert_address("[game]", 0x2000);
	assert_address("[game+0x18]+8", 0x2020);
	assert_address("[[game+8]+0x10]+8", 0x3020);
	assert_address("[ [0x1000] ] - 1", 0x2fff);
	assert_address("[health]+[game]", 0x5040);
	assert_address("[[heap]-0x2000]", 0x4000);
	assert_address("[libc.so.6:puts-0xd100]", 0x4000);
	assert_refused_at("game+[ [heap]+8 ]", EIO, "no pointer to read at 0x5008", 5);
	assert_refused_at("[[[[game]]]]", EIO, "0x4000", 0);
}

static void too_many_terms_are_refused(void **state)
{
	char text[2 * MRW_ADDRESS_TERMS + 2];

	(void)state;
	memset(text, '[', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	text[sizeof(text) - 2] = ']';
	assert_refused(text, EINVAL, "more than 64 terms");
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 2 ? '+' : '1';
	text[2 * MRW_ADDRESS_TERMS - 1] = '\0';
	assert_address(text, 64);
	text[2 * MRW_ADDRESS_TERMS - 1] = '+';
	assert_refused(text, EINVAL, "more than 64 terms");
}

static void what_passes_64_bits_is_out_of_range(void **state)
{
	(void)state;
	assert_refused_at("0x10000000000000000", ERANGE, "number does not fit", 0);
	assert_refused_at("game+0x10000000000000000", ERANGE, "number does not fit", 5);
	assert_refused_at("0xffffffffffffffff+1", ERANGE, "sum does not fit", 18);
	assert_refused_at("top+0x1000", ERANGE, "sum does not fit", 3);
	assert_refused_at("game-0x1001", ERANGE, "difference is below 0", 4);
	assert_refused("1000000000000000000000000000000000000000000000000000000000000000000000",
		       ERANGE, "number does not fit");
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

int *test_address_pointers[] = { &test_address_object, NULL };
int **test_address_chain = test_address_pointers;

static void resolve_follows_pointers(void **state)
{
	struct memrw_target *target = open_self();
	uint64_t address;

	(void)state;
	assert_int_equal(memrw_address_resolve(target, "[[test_address_chain]]+1",
					       &address), 0);
	assert_int_equal(address, (uintptr_t)&test_address_object + 1);
	errno = 0;
	assert_int_equal(memrw_address_resolve(target, "0x10+[8]", &address), -1);
	assert_int_equal(errno, EIO);
	assert_int_equal(memrw_address_error_position(), 5);
	memrw_target_close(target);
}

static void resolve_finds_a_symbol_of_a_module(void **state)
{
	struct memrw_target *target = open_self();
	/* A sanitizer has functions of the same names. */
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	uint64_t address;

	(void)state;
	assert_non_null(libc);
	assert_int_equal(memrw_address_resolve(target, "libc.so.6:getpid", &address), 0);
	assert_int_equal(address, (uintptr_t)dlsym(libc, "getpid"));
	/* One that has an old version too. */
	assert_int_equal(memrw_address_resolve(target, "libc.so.6:glob64", &address), 0);
	assert_int_equal(address, (uintptr_t)dlsym(libc, "glob64"));
	dlclose(libc);
	errno = 0;
	assert_int_equal(memrw_address_resolve(target, "libc.so.6:no_such", &address), -1);
	assert_int_equal(errno, ENOENT);
	memrw_target_close(target);
}

static void each_of_many_has_a_result(void **state)
{
	struct memrw_address_text texts[] = {
		{ .text = "test_address_object" },
		{ .text = "no_such_name" },
		{ .text = "1+" },
		{ .text = "[test_address_pointers]+4" },
	};
	struct memrw_target *target = open_self();

	(void)state;
	assert_int_equal(memrw_address_resolve_all(target, texts, COUNT(texts)), 2);
	assert_int_equal(texts[0].address, (uintptr_t)&test_address_object);
	assert_int_equal(texts[0].error, 0);
	assert_int_equal(texts[1].error, ENOENT);
	assert_int_equal(texts[2].error, EINVAL);
	assert_int_equal(texts[3].address, (uintptr_t)&test_address_object + 4);
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
		cmocka_unit_test(sums_go_from_left_to_right),
		cmocka_unit_test(a_minus_can_be_part_of_a_name),
		cmocka_unit_test(quotes_end_a_name),
		cmocka_unit_test(a_colon_leads_to_a_symbol_of_a_module),
		cmocka_unit_test(a_bracket_reads_a_pointer),
		cmocka_unit_test(too_many_terms_are_refused),
		cmocka_unit_test(what_passes_64_bits_is_out_of_range),
		cmocka_unit_test(a_long_name_does_not_overflow_the_message),
		cmocka_unit_test(resolve_finds_an_object_of_the_executable),
		cmocka_unit_test(resolve_finds_a_module),
		cmocka_unit_test(resolve_tells_what_was_wrong),
		cmocka_unit_test(resolve_follows_pointers),
		cmocka_unit_test(resolve_finds_a_symbol_of_a_module),
		cmocka_unit_test(each_of_many_has_a_result),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
