// SPDX-License-Identifier: GPL-2.0-only
/* Lists of matches: the text, and the way to a file and back. */
#include "scan_list.h"
#include "support/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define I32	MEMRW_SCAN_TYPE(MEMRW_TYPE_I32)

/*
 * Lines
 */

/* The result of the last of these lines; those before must be good. */
static int parse(const char *text, struct mrw_list_parser *parser, char *address)
{
	char *copy = strdup(text), *rest = copy, *line;
	struct mrw_list_match match;
	int result = -1;

	*parser = (struct mrw_list_parser){ 0 };
	while ((line = strsep(&rest, "|")) != NULL) {
		result = mrw_list_parse(parser, line, &match);
		if (result > 0)
			strcpy(address, match.address);
		if (rest)
			assert_true(result >= 0);
	}
	free(copy);
	return result;
}

#define HEAD "memrw-scan 1|types i32|byte-order little|alignment 0|width 4"

static void lines_say_what_they_say(void **state)
{
	struct mrw_list_parser parser;
	char address[64];

	(void)state;
	assert_int_equal(parse(HEAD "|match i32 /usr/bin/a b+0x10", &parser, address), 1);
	assert_string_equal(address, "/usr/bin/a b+0x10");
	assert_int_equal(parser.header.types, I32);
	assert_int_equal(parser.header.width, 4);
	assert_false(parser.header.big_endian);
	assert_int_equal(parse("memrw-scan 1|types i32,f32|byte-order big|width 4|alignment 8|match f32 0x8",
			       &parser, address), 1);
	assert_int_equal(parser.header.types, I32 | MEMRW_SCAN_TYPE(MEMRW_TYPE_F32));
	assert_int_equal(parser.header.alignment, 8);
	assert_true(parser.header.big_endian);
}

static void lines_that_say_nothing_good_are_refused(void **state)
{
	static const char *const texts[] = {
		"", "memrw-scan 2", "memrw-scan", "types i32",
		"memrw-scan 1|", "memrw-scan 1|types", "memrw-scan 1|types i33",
		"memrw-scan 1|types ", "memrw-scan 1|byte-order middle",
		"memrw-scan 1|alignment x", "memrw-scan 1|alignment 8192",
		"memrw-scan 1|width 99999", "memrw-scan 1|colour red",
		"memrw-scan 1|match i32 0x10", HEAD "|match i32", HEAD "|match i32 ",
		HEAD "|match f32 0x10", HEAD "|match  0x10", HEAD "|match i32 0x10|width 4",
		"memrw-scan 1|types i32|width 8|match i32 0x10",
		"memrw-scan 1|types i32|alignment 3|width 4|match i32 0x10",
		"memrw-scan 1|types i3333333333333333333333",
	};
	struct mrw_list_parser parser;
	char address[64];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		errno = 0;
		assert_int_equal(parse(texts[i], &parser, address), -1);
		assert_int_equal(errno, EBADMSG);
	}
}

static void types_are_written_as_they_are_read(void **state)
{
	char text[MRW_LIST_TYPES];

	(void)state;
	mrw_list_format_types(MEMRW_SCAN_ANY_NUMBER, text);
	assert_string_equal(text, "i8,u8,i16,u16,i32,u32,i64,u64,f32,f64");
	mrw_list_format_types(MEMRW_SCAN_STR16, text);
	assert_string_equal(text, "str16");
	mrw_list_format_types(MEMRW_SCAN_BYTES, text);
	assert_string_equal(text, "bytes");
}

/*
 * Files
 */

static int file_of(const char *text)
{
	int fd = memfd_create("list", 0);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void assert_same_matches(struct memrw_scan *one, struct memrw_scan *other)
{
	struct memrw_scan_iter *iters[] = {
		memrw_scan_iter_open(one, 0, 0), memrw_scan_iter_open(other, 0, 0),
	};
	struct memrw_scan_match matches[2];

	while (memrw_scan_iter_next(iters[0], &matches[0]) > 0) {
		assert_int_equal(memrw_scan_iter_next(iters[1], &matches[1]), 1);
		assert_int_equal(matches[0].address, matches[1].address);
		assert_int_equal(matches[0].types, matches[1].types);
		assert_int_equal(matches[0].length, matches[1].length);
		assert_memory_equal(matches[0].old, matches[1].old, matches[0].length);
	}
	assert_int_equal(memrw_scan_iter_next(iters[1], &matches[1]), 0);
	memrw_scan_iter_close(iters[0]);
	memrw_scan_iter_close(iters[1]);
}

static void back_and_forth(unsigned int types, unsigned int alignment, const char *value)
{
	struct memrw_scan *scan = field_scan(types, 0, FIELD);
	struct memrw_scan *loaded = memrw_scan_open(field_target);
	int fd = memfd_create("list", 0);
	uint64_t missing = 99;

	assert_errno(memrw_scan_save(scan, fd), ENOENT);
	memrw_scan_set_alignment(scan, alignment);
	field_run(scan, MEMRW_SCAN_EQ, value);
	assert_true(memrw_scan_count(scan) > 0);
	assert_int_equal(memrw_scan_save(scan, fd), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(memrw_scan_load(loaded, fd, &missing), 0);
	assert_int_equal(missing, 0);
	assert_int_equal(memrw_scan_types(loaded), types);
	assert_same_matches(scan, loaded);
	assert_errno(memrw_scan_load(loaded, fd, NULL), EBUSY);
	close(fd);
	memrw_scan_close(scan);
	memrw_scan_close(loaded);
}

static void what_was_saved_is_what_is_loaded(void **state)
{
	(void)state;
	back_and_forth(I32, 0, "1");
	back_and_forth(I32, 1, "1");
	back_and_forth(MEMRW_SCAN_ANY_NUMBER, 0, "3");
	back_and_forth(MEMRW_SCAN_BYTES, 0, "01 01 ?1");
}

static void a_file_that_is_none_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "hello\n", "memrw-scan 1\n", "memrw-scan 1\ntypes i32\n",
		"memrw-scan 1\ntypes i32\nwidth 4\nmatch i32 +5\n",
		"memrw-scan 1\ntypes i32\nwidth 4\nmatch i32 0x1ffffffffffffffff\n",
		"memrw-scan 1\ntypes i32\nwidth 4\nmatch i32 0x10001\n",
		"memrw-scan 1\ntypes i32,str\nwidth 4\nmatch i32 0x1000\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct memrw_scan *scan = memrw_scan_open(field_target);
		int fd = file_of(texts[i]);

		assert_errno(memrw_scan_load(scan, fd, NULL), EBADMSG);
		assert_false(memrw_scan_started(scan));
		close(fd);
		memrw_scan_close(scan);
	}
}

static void matches_without_memory_are_counted(void **state)
{
	struct memrw_scan *scan = memrw_scan_open(field_target);
	uint64_t missing = 0;
	int fd = file_of("memrw-scan 1\ntypes i32\nwidth 4\n"
			 "match i32 0x10\nmatch i32 /no/such/file+0x10\n"
			 "match i32 0xfffffffffffffffc\nmatch i32 [stack]+0x10");

	(void)state;
	assert_int_equal(memrw_scan_load(scan, fd, &missing), 0);
	assert_int_equal(missing, 3);
	assert_int_equal(memrw_scan_count(scan), 1);
	assert_int_equal(memrw_scan_undo_steps(scan), 0);
	close(fd);
	memrw_scan_close(scan);
}

/* An address that the next run has, too, wherever the program is then. */
static int own_data = 0x600dda7a, own_bss;

static void addresses_are_relative_to_modules(void **state)
{
	struct memrw_scan *scan = memrw_scan_open(field_target);
	struct memrw_scan *loaded;
	struct memrw_target *next;
	int fd = memfd_create("list", 0);
	char text[4096] = "";

	(void)state;
	memrw_target_write(field_target, (uintptr_t)&own_bss, &own_data, sizeof(own_data), 0);
	field_run(scan, MEMRW_SCAN_EQ, "0x600dda7a");
	assert_int_equal(memrw_scan_save(scan, fd), 0);
	assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
	assert_non_null(strstr(text, "/unit/scan_list+0x"));

	/* The same program at other addresses, with its own values. */
	field_exec();
	next = memrw_target_open(field_child.pid, unit_via(), 0);
	assert_non_null(next);
	loaded = memrw_scan_open(next);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(memrw_scan_load(loaded, fd, NULL), 0);
	assert_true(memrw_scan_count(loaded) >= 2);
	field_run(loaded, MEMRW_SCAN_EQ, "0x600dda7a");
	assert_true(memrw_scan_count(loaded) >= 1);
	memrw_scan_close(loaded);
	memrw_target_close(next);
	memrw_scan_close(scan);
	close(fd);
}

#define field_test(test) cmocka_unit_test_setup_teardown(test, field_start, field_stop)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(lines_say_what_they_say),
	cmocka_unit_test(lines_that_say_nothing_good_are_refused),
	cmocka_unit_test(types_are_written_as_they_are_read),
	field_test(what_was_saved_is_what_is_loaded),
	field_test(a_file_that_is_none_is_refused),
	field_test(matches_without_memory_are_counted),
	field_test(addresses_are_relative_to_modules),
};

unit_main(tests)
