// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: the memory on the screen.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "view.h"
#include "view_screen.h"

/* More columns than any row has: values of one byte, and their characters. */
#define ROW_MOST	512

/* struct row - a line of memory on its way; @first: of the bytes on the screen */
struct row {
	chtype cells[ROW_MOST];
	int length;
	size_t first;
};

static void put(struct row *row, int column, const char *text, attr_t attributes)
{
	for (; *text && column < row->length; text++, column++)
		row->cells[column] = (unsigned char)*text | attributes;
}

static bool is_printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

static enum view_look look_of_value(const struct view *view, size_t byte)
{
	uint8_t value = view->bytes.bytes[byte];

	if (!view->bytes.known[byte])
		return LOOK_ZERO;
	if (!view->format.hex)
		return LOOK_PLAIN;
	if (value == 0)
		return LOOK_ZERO;
	return is_printable(value) ? LOOK_TEXT : LOOK_OTHER;
}

/* The newest change of some bytes. */
static int age_of(const struct view *view, size_t byte, size_t count)
{
	int age = VIEW_AGES;

	for (size_t i = byte; i < byte + count; i++)
		age = MIN(age, view_bytes_age(&view->bytes, i, view->now));
	return age;
}

/* A change stands out, whatever else there is to a byte. */
static enum view_look look_of(const struct view *view, size_t byte, size_t count)
{
	uint64_t address = view->bytes.address + byte;
	int age = age_of(view, byte, count);

	if (age < VIEW_AGES && !(age == VIEW_AGES - 1 && view_is_frozen(view, address)))
		return LOOK_CHANGED + age;
	if (view->frozen_count && view_is_frozen(view, address))
		return LOOK_FROZEN;
	if (view->watches.count && view_watches_at(&view->watches, address))
		return LOOK_WATCHED;
	return look_of_value(view, byte);
}

/* From one value to the next there are no codes for the terminal, where both look alike. */
static void put_blanks(const struct view *view, struct row *row, size_t byte,
		       enum view_look look)
{
	size_t size = view_format_size(view->format), at = row->first + byte;
	int column = view_layout_cell(&view->layout, byte) - view->layout.left;
	int end = view_layout_cell(&view->layout, byte + size) - view->layout.left;

	if (byte + size >= view->layout.per_row || look_of(view, at + size, size) != look)
		return;
	for (column += view_format_width(view->format); column < end; column++)
		put(row, column, " ", view_attributes(look));
}

static void put_cell(const struct view *view, struct row *row, size_t byte)
{
	size_t size = view_format_size(view->format), at = row->first + byte;
	uint64_t address = view->bytes.address + at;
	bool here = view->cursor - address < size && !view->in_regions;
	int column = view_layout_cell(&view->layout, byte) - view->layout.left;
	enum view_look look = look_of(view, at, size);
	char text[VIEW_CELL_TEXT];

	view_format_cell(view->format, view->bytes.bytes + at, view->bytes.known + at, text);
	if (here && view->half >= 0)
		text[0] = "0123456789abcdef"[view->half];
	put(row, column, text, view_attributes(look) | (here ? A_REVERSE : 0));
	put_blanks(view, row, byte, look);
}

static void put_character(const struct view *view, struct row *row, size_t byte)
{
	size_t at = row->first + byte;
	uint8_t value = view->bytes.bytes[at];
	bool known = view->bytes.known[at];
	bool here = view->cursor == view->bytes.address + at && !view->in_regions;
	char text[2] = { is_printable(value) ? value : '.' };

	put(row, view_layout_text(&view->layout, byte) - view->layout.left, known ? text : " ",
	    view_attributes(look_of(view, at, 1)) | (here ? A_REVERSE : 0));
}

static void put_address(const struct view *view, struct row *row)
{
	char text[24];

	snprintf(text, sizeof(text), "%0*" PRIx64, view->layout.digits,
		 view->bytes.address + row->first);
	put(row, 0, text, view_attributes(LOOK_ADDRESS));
}

static void draw_row(const struct view *view, int line)
{
	size_t size = view_format_size(view->format);
	struct row row = { .first = (size_t)line * view->layout.per_row };

	row.length = MIN(view->layout.columns - view->layout.left, ROW_MOST);
	for (int i = 0; i < row.length; i++)
		row.cells[i] = ' ';
	put_address(view, &row);
	for (size_t byte = 0; byte < view->layout.per_row; byte += size)
		put_cell(view, &row, byte);
	for (size_t byte = 0; byte < view->layout.per_row; byte++)
		put_character(view, &row, byte);
	mvaddchnstr(1 + line, view->layout.left, row.cells, row.length);
}

void view_draw_rows(struct view *view)
{
	size_t needed = view->layout.rows * view->layout.per_row;

	/* The cursor may have left what was read last. */
	if (view->bytes.length != needed || view->bytes.address != view->top)
		return;
	for (int line = 0; line < view->layout.rows; line++)
		draw_row(view, line);
}

/* Where the terminal's own cursor stands: for eyes, and for who reads screens aloud. */
static void put_cursor(const struct view *view)
{
	uint64_t offset = view->cursor - view->top;
	size_t byte = offset % view->layout.per_row;
	int line = 1 + offset / view->layout.per_row;

	if (view->asking)
		move(view->layout.lines - 1,
		     MIN((int)(strlen(view_ask_label(view)) + view->prompt.cursor),
			 view->layout.columns - 1));
	else if (view->in_regions)
		move(1 + view->chosen - view->regions_top, 0);
	else if (view->typing == VIEW_TYPE_TEXT)
		move(line, MIN(view_layout_text(&view->layout, byte), view->layout.columns - 1));
	else
		move(line, MIN(view_layout_cell(&view->layout, byte), view->layout.columns - 1));
}

void view_draw(struct view *view)
{
	if (!view->fits) {
		erase();
		view_put(0, 0, COLS, LOOK_ERROR, "the terminal is too small");
	} else if (view->helping) {
		view_draw_help(view);
	} else {
		view_draw_rows(view);
		view_draw_panels(view);
		put_cursor(view);
	}
	refresh();
}
