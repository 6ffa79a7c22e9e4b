// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: the cursor.
 */

#include <sys/param.h>

#include "view.h"

uint64_t view_value(const struct view *view, uint64_t address)
{
	return address - (address - view->phase) % view_format_size(view->format);
}

static uint64_t row_of(const struct view *view, uint64_t address)
{
	return address - (address - view->phase) % view->layout.per_row;
}

static uint64_t screen_size(const struct view *view)
{
	return (uint64_t)view->layout.rows * view->layout.per_row;
}

/* The screen ends with the last address at the latest, and begins with the first. */
static uint64_t clamp(const struct view *view, uint64_t top)
{
	uint64_t last = row_of(view, UINT64_MAX - 2 * screen_size(view));

	return MIN(top, last);
}

void view_arrange(struct view *view)
{
	uint64_t row = row_of(view, view->cursor), size = screen_size(view);

	if (row_of(view, view->top) != view->top)
		view->top = row_of(view, view->top);
	if (row < view->top)
		view->top = row;
	else if (row - view->top >= size)
		view->top = row - size + view->layout.per_row;
	view->top = clamp(view, view->top);
}

static bool is_on_screen(const struct view *view, uint64_t address)
{
	return address - view->top < screen_size(view);
}

/* Some of what is before it is on the screen, too, but of the same region. */
static uint64_t top_for(const struct view *view, uint64_t address)
{
	ssize_t region = view_regions_find(&view->regions, address);
	uint64_t before = view->layout.rows / 4 * view->layout.per_row;
	uint64_t least = region >= 0 ? view->regions.list[region].start : 0;

	if (address - least < before)
		return row_of(view, MAX(least, view->phase));
	return row_of(view, address - before);
}

void view_go(struct view *view, uint64_t address)
{
	/* The screen has to have an end. */
	address = MIN(address, UINT64_MAX - 4 * screen_size(view));
	view->phase = address % view_format_size(view->format);
	view->half = -1;
	view->cursor = address;
	if (!is_on_screen(view, address))
		view->top = clamp(view, top_for(view, address));
	view_arrange(view);
}

void view_jump(struct view *view, uint64_t address)
{
	view_places_push(&view->marks, view->cursor);
	view_go(view, address);
}

static void move_by(struct view *view, int64_t bytes)
{
	uint64_t most = UINT64_MAX - 4 * screen_size(view);
	uint64_t cursor = view->cursor + bytes;

	view->half = -1;
	if (bytes < 0 && cursor > view->cursor)
		cursor = view->phase;
	view->cursor = MIN(cursor, most);
	view_arrange(view);
}

void view_step(struct view *view, int values)
{
	move_by(view, (int64_t)values * view_format_size(view->format));
}

void view_rows(struct view *view, int rows)
{
	move_by(view, (int64_t)rows * view->layout.per_row);
}

void view_choose(struct view *view, size_t line)
{
	size_t rows = view->layout.rows;

	if (view->regions.count == 0)
		return;
	view->chosen = MIN(line, view->regions.count - 1);
	if (view->chosen < view->regions_top)
		view->regions_top = view->chosen;
	else if (view->chosen - view->regions_top >= rows)
		view->regions_top = view->chosen - rows + 1;
}
