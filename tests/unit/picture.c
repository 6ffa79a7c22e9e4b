// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space as a picture, and the texts in it.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "amount.h"
#include "picture.h"
#include "smaps.h"
#include "xml_text.h"

#define PAGE	4096ULL
#define MIB	(1ULL << 20)
#define READ_WRITE	(MEMRW_REGION_READ | MEMRW_REGION_WRITE)

static void assert_xml(const char *text, size_t length, const char *expected)
{
	char written[256] = "";
	FILE *stream = fmemopen(written, sizeof(written), "w");

	assert_non_null(stream);
	xml_write(stream, text, length);
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(written, expected);
}

static void markup_is_escaped(void **state)
{
	(void)state;
	assert_xml("a<b>&\"c'", 8, "a&lt;b&gt;&amp;&quot;c&#39;");
	assert_xml("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void what_is_no_character_of_xml_is_replaced(void **state)
{
	(void)state;
	assert_xml("\x1b", 1, "\xef\xbf\xbd");
	assert_xml("\xff!", 2, "\xef\xbf\xbd!");
	assert_xml("\xc3", 1, "\xef\xbf\xbd");
	assert_xml("\xc0\xaf", 2, "\xef\xbf\xbd\xef\xbf\xbd");
	assert_xml("\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_xml("\xef\xbf\xbf", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_xml("\t", 1, "\t");
}

static void assert_amount(uint64_t bytes, const char *expected, const char *expected_short)
{
	char text[AMOUNT_TEXT];

	assert_string_equal(amount_format(bytes, text, sizeof(text)), expected);
	assert_string_equal(amount_format_short(bytes, text, sizeof(text)), expected_short);
}

static void amounts_have_a_unit_and_at_most_four_characters(void **state)
{
	(void)state;
	assert_amount(0, "0 B", "0B");
	assert_amount(4096, "4.0 KiB", "4.0K");
	assert_amount(10240, "10 KiB", "10K");
	assert_amount(1023, "1.0 KiB", "1.0K");
	assert_amount(999 * 1024, "999 KiB", "999K");
	assert_amount(1000 * 1024, "1.0 MiB", "1.0M");
	assert_amount(128 * MIB, "128 MiB", "128M");
	assert_amount(UINT64_MAX, "16 EiB", "16E");
}

static void smaps_tell_what_is_resident(void **state)
{
	static const char *const lines[] = {
		"Rss: 9 kB", "00400000-00401000 r--p 00000000 08:01 1 /bin/x", "Size: 4 kB",
		"Rss:                   4 kB", "Swap: 0 kB",
		"ffff0000-ffff9000 rw-p 00000000 00:00 0", "Rss: 12 kB", "SwapPss: 1 kB",
		"Swap: 8 kB", "VmFlags: rd wr",
	};
	struct smaps smaps = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(smaps_add(&smaps, lines[i]), 0);
	assert_int_equal(smaps.count, 2);
	assert_int_equal(smaps_find(&smaps, 0x400000)->resident, 4096);
	assert_int_equal(smaps_find(&smaps, 0xffff0000)->resident, 12 * 1024);
	assert_int_equal(smaps_find(&smaps, 0xffff0000)->swapped, 8 * 1024);
	assert_null(smaps_find(&smaps, 0x401000));
	smaps_clear(&smaps);
	assert_null(smaps_find(&smaps, 0x400000));
}

static void the_scale_has_room_for_all(void **state)
{
	struct picture_region regions[] = {
		{ .start = MIB, .end = 2 * MIB, .properties = READ_WRITE, .name = "" },
		{ .start = 1ULL << 40, .end = (1ULL << 40) + (8ULL << 30), .name = "" },
		{ .start = 1ULL << 46, .end = (1ULL << 46) + 4096 * MIB, .name = "",
		  .properties = READ_WRITE },
	};
	struct picture picture = { .page = PAGE, .regions = regions, .count = 3 };

	(void)state;
	picture_scale(&picture);
	assert_true(picture_is_reserved(&regions[1]));
	assert_in_range(4097 * MIB / picture.row, 20, 40);
	assert_int_equal(picture_cells(&picture, &regions[2]), 4096 * MIB / picture.cell);
	picture.count = 1;
	picture_scale(&picture);
	assert_int_equal(picture.cell, PAGE);
}

/* To be freed. */
static char *drawn(const struct picture *picture)
{
	char *text;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	assert_non_null(stream);
	assert_int_equal(picture_write(picture, stream), 0);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;

	for (; (text = strstr(text, what)); text++)
		count++;
	return count;
}

static void pages_are_drawn_as_high_as_there_are_of_them(void **state)
{
	struct picture_cell cells[16] = { { .data = 1 }, { .data = 1 }, { .zero = 1 },
					  { .swapped = 1 } };
	struct picture_region region = {
		.start = MIB, .end = MIB + 16 * PAGE, .properties = READ_WRITE, .name = "[a<b]",
		.cells = cells,
	};
	struct picture picture = { .title = "t", .page = PAGE, .regions = &region, .count = 1 };
	char *text;

	(void)state;
	picture_scale(&picture);
	text = drawn(&picture);
	/* Two pages that are alike are one rectangle; a page is a 16th of the row. */
	assert_non_null(strstr(text, "<rect class='wd' x='130.00' y='60.00' width='128.000' height='18.00'/>"));
	assert_non_null(strstr(text, "<rect class='wz' x='258.00' y='60.00' width='64.000' height='18.00'/>"));
	assert_non_null(strstr(text, "<rect class='swap' x='322.00' y='60.00' width='64.000' height='18.00'/>"));
	assert_non_null(strstr(text, "100000-110000 rw-p 64 KiB [a&lt;b]</title>"));
	assert_non_null(strstr(text, ">8.0 KiB<"));
	free(text);
}

static void gaps_are_left_out_and_said_to_be(void **state)
{
	struct picture_region regions[] = {
		{ .start = MIB, .end = MIB + PAGE, .properties = MEMRW_REGION_READ, .name = "" },
		{ .start = 2 * MIB, .end = 2 * MIB + PAGE, .properties = READ_WRITE, .name = "" },
		{ .start = 1ULL << 40, .end = (1ULL << 40) + PAGE, .properties = READ_WRITE,
		  .name = "" },
	};
	struct picture picture = { .title = "t", .page = PAGE, .regions = regions, .count = 3 };
	char *text;

	(void)state;
	picture_scale(&picture);
	text = drawn(&picture);
	assert_int_equal(count_of(text, "class='notch'"), 1);
	assert_int_equal(count_of(text, "<path class='gap'"), 1);
	assert_non_null(strstr(text, "1.0 TiB in 2 gaps"));
	assert_non_null(strstr(text, "could not be found out"));
	assert_non_null(strstr(text, ">10000000000</text>"));
	free(text);
}

static void thousands_of_regions_make_a_picture_of_some_rows(void **state)
{
	static struct picture_region regions[3000];
	struct picture picture = { .title = "t", .page = PAGE, .regions = regions, .count = 3000 };
	char *text;

	(void)state;
	for (uint64_t i = 0; i < 3000; i++)
		regions[i] = (struct picture_region){
			.start = (i + 1) << 34,
			.end = ((i + 1) << 34) + (i % 7 + 1) * PAGE,
			.properties = i % 16,
			.name = "",
		};
	picture_scale(&picture);
	text = drawn(&picture);
	assert_in_range(count_of(text, "<text class='address'"), 20, 100);
	assert_int_equal(count_of(text, "class='notch'"), 2999);
	assert_in_range(strlen(text), 3000 * 100, 3000 * 1000);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_is_escaped),
		cmocka_unit_test(what_is_no_character_of_xml_is_replaced),
		cmocka_unit_test(amounts_have_a_unit_and_at_most_four_characters),
		cmocka_unit_test(smaps_tell_what_is_resident),
		cmocka_unit_test(the_scale_has_room_for_all),
		cmocka_unit_test(pages_are_drawn_as_high_as_there_are_of_them),
		cmocka_unit_test(gaps_are_left_out_and_said_to_be),
		cmocka_unit_test(thousands_of_regions_make_a_picture_of_some_rows),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
