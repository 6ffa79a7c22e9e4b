// SPDX-License-Identifier: GPL-2.0-only
/* One line of /proc/PID/maps: a pure function. */
#include "support/unit.h"
#include "maps.h"

#include <stdio.h>
#include <string.h>

static struct memrw_region region;
static char line[512];

static bool parse(const char *text)
{
	snprintf(line, sizeof(line), "%s", text);
	return mrw_maps_parse(line, &region);
}

static void parse_file(void **state)
{
	(void)state;
	assert_true(parse("7f0011223000-7f0011225000 r-xp 0001f000 fd:0a 123456789012          /usr/lib/libm.so"));
	assert_int_equal(region.start, 0x7f0011223000);
	assert_int_equal(region.end, 0x7f0011225000);
	assert_int_equal(region.properties, MEMRW_REGION_READ | MEMRW_REGION_EXEC);
	assert_int_equal(region.offset, 0x1f000);
	assert_int_equal(region.device_major, 0xfd);
	assert_int_equal(region.device_minor, 0x0a);
	assert_int_equal(region.inode, 123456789012);
	assert_string_equal(region.name, "/usr/lib/libm.so");
}

static void parse_line_without_a_name(void **state)
{
	(void)state;
	assert_true(parse("1000-2000 -w-s 00000000 00:00 0 "));
	assert_int_equal(region.properties, MEMRW_REGION_WRITE | MEMRW_REGION_SHARED);
	assert_string_equal(region.name, "");
	assert_true(parse("1000-2000 ---p 00000000 00:00 0"));
	assert_int_equal(region.properties, 0);
	assert_string_equal(region.name, "");
}

static void parse_largest_numbers(void **state)
{
	(void)state;
	assert_true(parse("fffffffffffff000-ffffffffffffffff ---p ffffffffffffffff fff:fffff 18446744073709551615 x"));
	assert_int_equal(region.start, 0xfffffffffffff000);
	assert_int_equal(region.end, UINT64_MAX);
	assert_int_equal(region.offset, UINT64_MAX);
	assert_int_equal(region.device_major, 0xfff);
	assert_int_equal(region.device_minor, 0xfffff);
	assert_int_equal(region.inode, UINT64_MAX);
}

static void parse_escaped_newlines(void **state)
{
	(void)state;
	assert_true(parse("1000-2000 r--p 00000000 00:00 1 /a\\012b c\\012\\012"));
	assert_string_equal(region.name, "/a\nb c\n\n");
	assert_true(parse("1000-2000 r--p 00000000 00:00 1 /a\\01\\"));
	assert_string_equal(region.name, "/a\\01\\");
}

static void parse_what_is_no_line(void **state)
{
	(void)state;
	assert_false(parse(""));
	assert_false(parse("1000"));
	assert_false(parse("1000-2000"));
	assert_false(parse("1000-2000 r--p"));
	assert_false(parse("1000-2000 r-- 00000000 00:00 1 /a"));
	assert_false(parse("1000-2000 r--p 00000000 0000 1 /a"));
	assert_false(parse("1000-2000 r--p 00000000 00:00"));
	assert_false(parse("Size:                  4 kB"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(parse_file),
	cmocka_unit_test(parse_line_without_a_name),
	cmocka_unit_test(parse_largest_numbers),
	cmocka_unit_test(parse_escaped_newlines),
	cmocka_unit_test(parse_what_is_no_line),
};

unit_main(tests)
