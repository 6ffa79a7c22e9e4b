// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the viewer knows: the layout, the bytes on the screen and their changes, places,
 * edits, and the line of input.
 */

#include <errno.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "clock.h"
#include "view_bytes.h"
#include "view_edits.h"
#include "view_format.h"
#include "view_layout.h"
#include "view_places.h"
#include "view_prompt.h"

static const struct view_format hex = { .hex = true };

static struct view_layout layout_of(int lines, int columns, struct view_format format, int hits)
{
	const struct view_wish wish = {
		.lines = lines,
		.columns = columns,
		.format = format,
		.last = 0x7fffffffffff,
		.regions = true,
		.hits = hits,
	};
	struct view_layout layout;

	assert_true(view_layout_make(&layout, &wish));
	return layout;
}

static void larger_screens_have_more_bytes_in_a_row(void **state)
{
	(void)state;
	assert_int_equal(layout_of(24, 80, hex, 0).per_row, 8);
	assert_int_equal(layout_of(40, 120, hex, 0).per_row, 16);
	assert_int_equal(layout_of(60, 200, hex, 0).per_row, 32);
	assert_int_equal(layout_of(24, 80, hex, 0).rows, 21);
	assert_int_equal(layout_of(60, 200, hex, 0).rows, 57);
}

static void nothing_is_outside_of_the_screen(void **state)
{
	(void)state;
	for (int columns = VIEW_COLUMNS_LEAST; columns <= 300; columns++) {
		struct view_format format = hex;

		do {
			struct view_layout layout = layout_of(24, columns, format, 8);
			int needed = view_layout_width(&layout);

			/* Eight bytes of the widest type are all that may be too much. */
			assert_true(layout.left + needed <= columns || layout.per_row == 8);
			assert_true(layout.regions == 0 || layout.left == layout.regions + 1);
			assert_int_equal(1 + layout.rows + layout.hits + 2, 24);
			assert_int_equal(layout.per_row % view_format_size(format), 0);
			format = view_format_next(format, 1);
		} while (!format.hex);
	}
}

static void a_screen_that_is_too_small_has_no_layout(void **state)
{
	struct view_wish wish = { .lines = 7, .columns = 80, .format = hex };
	struct view_layout layout;

	(void)state;
	assert_false(view_layout_make(&layout, &wish));
	wish.lines = 24;
	wish.columns = 47;
	assert_false(view_layout_make(&layout, &wish));
	wish.columns = 48;
	assert_true(view_layout_make(&layout, &wish));
	assert_int_equal(layout.regions, 0);
}

static void the_panel_of_hits_has_half_of_the_rows_at_most(void **state)
{
	struct view_layout layout = layout_of(24, 80, hex, 100);

	(void)state;
	assert_int_equal(layout.hits, 10);
	assert_int_equal(layout.rows, 11);
	assert_int_equal(layout.hits_line, 12);
}

static void every_byte_is_found_where_it_is_drawn(void **state)
{
	struct view_format format = hex;

	(void)state;
	do {
		struct view_layout layout = layout_of(30, 200, format, 0);
		struct view_spot spot;

		for (size_t byte = 0; byte < layout.per_row; byte++) {
			assert_true(view_layout_find(&layout, 3, view_layout_text(&layout, byte),
						     &spot));
			assert_true(spot.text);
			assert_int_equal(spot.offset, 2 * layout.per_row + byte);
			assert_true(view_layout_find(&layout, 1, view_layout_cell(&layout, byte),
						     &spot));
			assert_false(spot.text);
			assert_int_equal(spot.offset, byte - byte % view_format_size(format));
		}
		assert_false(view_layout_find(&layout, 0, view_layout_cell(&layout, 0), &spot));
		assert_false(view_layout_find(&layout, layout.rows + 1,
					      view_layout_cell(&layout, 0), &spot));
		assert_false(view_layout_find(&layout, 1, layout.left, &spot));
		assert_false(view_layout_find(&layout, 1, 199, &spot) &&
			     spot.offset >= layout.per_row);
		format = view_format_next(format, 1);
	} while (!format.hex);
}

static void formats_go_round_in_both_directions(void **state)
{
	struct view_format format = hex;
	int count = 0;

	(void)state;
	do {
		assert_memory_equal(view_format_name(view_format_next(view_format_next(format, 1), -1)),
				    view_format_name(format), 2);
		format = view_format_next(format, 1);
		count++;
	} while (!format.hex);
	assert_int_equal(count, 12);
}

static void assert_cell(struct view_format format, const void *bytes, const char *expected)
{
	static const bool known[8] = { true, true, true, true, true, true, true, true };
	char text[VIEW_CELL_TEXT];

	view_format_cell(format, bytes, known, text);
	assert_string_equal(text, expected);
	assert_int_equal(strlen(text), view_format_width(format));
}

static void cells_are_as_wide_as_the_widest(void **state)
{
	static const bool unknown[8] = { true, false };
	struct view_format i32 = { .type = MEMRW_TYPE_I32 }, f64 = { .type = MEMRW_TYPE_F64 };
	const int32_t least = INT32_MIN, one = 1;
	const double longest = -2.2250738585072014e-308;
	char text[VIEW_CELL_TEXT];

	(void)state;
	assert_cell(hex, "\x0f", "0f");
	assert_cell(i32, &least, "-2147483648");
	assert_cell(i32, &one, "          1");
	assert_cell(f64, &longest, "-2.2250738585072014e-308");
	view_format_cell(i32, &one, unknown, text);
	assert_string_equal(text, "          ?");
	view_format_cell(hex, &one, unknown + 1, text);
	assert_string_equal(text, "??");
}

/*
 * Bytes
 */

static const bool all_known[8] = { true, true, true, true, true, true, true, true };

static void changes_stand_out_and_are_forgotten(void **state)
{
	struct view_bytes bytes = { 0 };
	int64_t start = 100 * SECOND;

	(void)state;
	assert_int_equal(view_bytes_move(&bytes, 0x1000, 8), 0);
	view_bytes_see(&bytes, (const uint8_t *)"abcdefgh", all_known, start);
	assert_int_equal(view_bytes_age(&bytes, 1, start), VIEW_AGES);
	view_bytes_see(&bytes, (const uint8_t *)"aBcdefgh", all_known, start + 1);
	assert_int_equal(view_bytes_age(&bytes, 0, start + 1), VIEW_AGES);
	assert_int_equal(view_bytes_age(&bytes, 1, start + 1), 0);
	for (int last = 0, ms = 0; ms <= 4000; ms += 50) {
		int age = view_bytes_age(&bytes, 1, start + 1 + ms * MILLISECOND);

		assert_in_range(age, last, last + 1);
		last = age;
	}
	assert_int_equal(view_bytes_age(&bytes, 1, start + 5 * SECOND), VIEW_AGES);
	view_bytes_clear(&bytes);
}

static void bytes_that_stay_on_the_screen_keep_their_changes(void **state)
{
	struct view_bytes bytes = { 0 };

	(void)state;
	view_bytes_move(&bytes, 0x1000, 8);
	view_bytes_see(&bytes, (const uint8_t *)"abcdefgh", all_known, 1);
	view_bytes_see(&bytes, (const uint8_t *)"abcdefgH", all_known, SECOND);
	assert_int_equal(view_bytes_move(&bytes, 0x1004, 8), 0);
	assert_memory_equal(bytes.bytes, "efgH", 4);
	assert_true(view_bytes_has(&bytes, 0x1004, 4));
	assert_false(view_bytes_has(&bytes, 0x1004, 5));
	assert_false(view_bytes_has(&bytes, 0x1003, 2));
	assert_int_equal(view_bytes_age(&bytes, 3, SECOND), 0);
	/* What comes to be known has not changed. */
	view_bytes_see(&bytes, (const uint8_t *)"efgHijkl", all_known, SECOND + 1);
	assert_int_equal(view_bytes_age(&bytes, 4, SECOND + 1), VIEW_AGES);
	assert_int_equal(view_bytes_move(&bytes, 0xfff, 8), 0);
	assert_false(view_bytes_has(&bytes, 0x1000, 1));
	view_bytes_clear(&bytes);
}

static void what_cannot_be_read_is_not_known(void **state)
{
	static const bool known[8] = { true, true, true, true };
	struct view_bytes bytes = { 0 };

	(void)state;
	view_bytes_move(&bytes, UINT64_MAX - 7, 8);
	view_bytes_see(&bytes, (const uint8_t *)"abcdefgh", known, 1);
	assert_true(view_bytes_has(&bytes, UINT64_MAX - 7, 4));
	assert_false(view_bytes_has(&bytes, UINT64_MAX - 4, 2));
	assert_false(view_bytes_has(&bytes, 0, 1));
	view_bytes_clear(&bytes);
}

/*
 * Places, edits, input
 */

static void bookmarks_are_letters(void **state)
{
	struct view_places places = { 0 };
	char list[VIEW_MARKS + 1];
	uint64_t address = 0;

	(void)state;
	assert_false(view_places_mark(&places, '1', 5));
	assert_false(view_places_find(&places, 'z', &address));
	assert_false(view_places_find(&places, -1, &address));
	assert_true(view_places_mark(&places, 'z', 5));
	assert_true(view_places_mark(&places, 'a', 6));
	assert_true(view_places_mark(&places, 'z', 7));
	assert_true(view_places_find(&places, 'z', &address));
	assert_int_equal(address, 7);
	view_places_list(&places, list);
	assert_string_equal(list, "az");
}

static void jumps_lead_back_the_last_one_first(void **state)
{
	struct view_places places = { 0 };
	uint64_t address = 0;

	(void)state;
	assert_false(view_places_pop(&places, &address));
	for (uint64_t i = 0; i < VIEW_JUMPS + 3; i++)
		view_places_push(&places, i);
	for (uint64_t i = VIEW_JUMPS + 3; i-- > 3;) {
		assert_true(view_places_pop(&places, &address));
		assert_int_equal(address, i);
	}
	assert_false(view_places_pop(&places, &address));
}

static void edits_are_undone_and_redone_in_order(void **state)
{
	struct view_edits edits = { 0 };
	struct view_edit edit = { .length = 1 };

	(void)state;
	assert_null(view_edits_last(&edits));
	assert_null(view_edits_next(&edits));
	for (edit.address = 1; edit.address <= 3; edit.address++)
		assert_int_equal(view_edits_add(&edits, &edit), 0);
	assert_int_equal(view_edits_last(&edits)->address, 3);
	view_edits_undone(&edits);
	view_edits_undone(&edits);
	assert_int_equal(view_edits_last(&edits)->address, 1);
	assert_int_equal(view_edits_next(&edits)->address, 2);
	view_edits_redone(&edits);
	assert_int_equal(view_edits_next(&edits)->address, 3);
	/* What is changed anew ends what could be done again. */
	edit.address = 9;
	assert_int_equal(view_edits_add(&edits, &edit), 0);
	assert_null(view_edits_next(&edits));
	assert_int_equal(view_edits_last(&edits)->address, 9);
	view_edits_redone(&edits);
	assert_int_equal(edits.done, 3);
	view_edits_clear(&edits);
}

static void input_is_edited_by_characters(void **state)
{
	struct view_prompt prompt;

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	view_prompt_set(&prompt, "a\xc3\xa9" "b");
	view_prompt_move(&prompt, -1);
	view_prompt_erase(&prompt);
	assert_string_equal(prompt.text, "ab");
	view_prompt_insert(&prompt, "\xe2\x82\xac", 3);
	assert_string_equal(prompt.text, "a\xe2\x82\xac" "b");
	view_prompt_move(&prompt, 1);
	view_prompt_move(&prompt, 1);
	assert_int_equal(prompt.cursor, 5);
	view_prompt_move(&prompt, -1);
	view_prompt_move(&prompt, -1);
	view_prompt_move(&prompt, -1);
	view_prompt_move(&prompt, -1);
	assert_int_equal(prompt.cursor, 0);
	view_prompt_erase(&prompt);
	view_prompt_move(&prompt, 1);
	view_prompt_erase_all(&prompt);
	assert_string_equal(prompt.text, "\xe2\x82\xac" "b");
}

static void input_that_is_too_long_is_not_taken(void **state)
{
	struct view_prompt prompt;

	(void)state;
	view_prompt_set(&prompt, "");
	for (int i = 0; i < 2 * VIEW_PROMPT_SIZE; i++)
		view_prompt_insert(&prompt, "xyz", 3);
	assert_int_equal(prompt.length, 255);
	assert_int_equal(strlen(prompt.text), 255);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(larger_screens_have_more_bytes_in_a_row),
		cmocka_unit_test(nothing_is_outside_of_the_screen),
		cmocka_unit_test(a_screen_that_is_too_small_has_no_layout),
		cmocka_unit_test(the_panel_of_hits_has_half_of_the_rows_at_most),
		cmocka_unit_test(every_byte_is_found_where_it_is_drawn),
		cmocka_unit_test(formats_go_round_in_both_directions),
		cmocka_unit_test(cells_are_as_wide_as_the_widest),
		cmocka_unit_test(changes_stand_out_and_are_forgotten),
		cmocka_unit_test(bytes_that_stay_on_the_screen_keep_their_changes),
		cmocka_unit_test(what_cannot_be_read_is_not_known),
		cmocka_unit_test(bookmarks_are_letters),
		cmocka_unit_test(jumps_lead_back_the_last_one_first),
		cmocka_unit_test(edits_are_undone_and_redone_in_order),
		cmocka_unit_test(input_is_edited_by_characters),
		cmocka_unit_test(input_that_is_too_long_is_not_taken),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
