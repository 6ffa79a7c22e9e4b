// SPDX-License-Identifier: GPL-2.0-only

#include <sys/param.h>

#include "view_layout.h"

/* Of the list of regions: what it needs, and what is enough. */
#define REGIONS_LEAST	26
#define REGIONS_MOST	44

#define PER_ROW_MOST	64

/* The title, the cursor's line, and that of messages. */
#define OTHER_LINES	3

static int digits_of(uint64_t last)
{
	if (last <= UINT32_MAX)
		return 8;
	return last < UINT64_C(1) << 48 ? 12 : 16;
}

/* A blank behind each value, and one more between groups of eight bytes. */
static int cells_width(const struct view_layout *layout, size_t bytes)
{
	size_t size = view_format_size(layout->format);

	return bytes / size * (view_format_width(layout->format) + 1) + bytes / 8;
}

int view_layout_cell(const struct view_layout *layout, size_t byte)
{
	size_t size = view_format_size(layout->format);

	return layout->left + layout->digits + 2 + cells_width(layout, byte / size * size);
}

int view_layout_text(const struct view_layout *layout, size_t byte)
{
	return layout->left + layout->digits + 2 + cells_width(layout, layout->per_row) + byte;
}

int view_layout_width(const struct view_layout *layout)
{
	return view_layout_text(layout, layout->per_row) - layout->left;
}

static void choose_per_row(struct view_layout *layout)
{
	int room = layout->columns - layout->left;

	layout->per_row = PER_ROW_MOST;
	while (layout->per_row > 8 && view_layout_width(layout) > room)
		layout->per_row /= 2;
}

/* Memory goes first: the list has what is left, but not a column of it for nothing. */
static void share_columns(struct view_layout *layout, bool regions)
{
	int left;

	layout->left = regions ? REGIONS_LEAST + 1 : 0;
	choose_per_row(layout);
	left = layout->columns - layout->left - view_layout_width(layout);
	/* Where there is no room for a list beside eight bytes, there is no list. */
	if (!regions || left < 0) {
		layout->left = 0;
		choose_per_row(layout);
		return;
	}
	layout->regions = MIN(left + layout->left - 1, REGIONS_MOST);
	layout->left = layout->regions + 1;
}

bool view_layout_make(struct view_layout *layout, const struct view_wish *wish)
{
	int rows = wish->lines - OTHER_LINES;

	*layout = (struct view_layout){
		.lines = wish->lines,
		.columns = wish->columns,
		.digits = digits_of(wish->last),
		.format = wish->format,
		.rows = 1,
		.per_row = 8,
	};
	if (wish->lines < VIEW_LINES_LEAST || wish->columns < VIEW_COLUMNS_LEAST)
		return false;
	share_columns(layout, wish->regions);
	layout->hits = MIN(wish->hits, rows / 2);
	layout->rows = rows - layout->hits;
	layout->hits_line = 1 + layout->rows;
	return true;
}

/* Return: the byte whose value or character is at a column; -1 for none. */
static int find_byte(const struct view_layout *layout, int column, bool *text)
{
	size_t size = view_format_size(layout->format);
	int width = view_format_width(layout->format);

	*text = column >= view_layout_text(layout, 0);
	if (*text && column < view_layout_text(layout, layout->per_row))
		return column - view_layout_text(layout, 0);
	for (size_t byte = 0; byte < layout->per_row && !*text; byte += size) {
		int cell = view_layout_cell(layout, byte);

		if (column >= cell && column <= cell + width)
			return byte;
	}
	return -1;
}

bool view_layout_find(const struct view_layout *layout, int line, int column,
		      struct view_spot *spot)
{
	int byte = find_byte(layout, column, &spot->text);

	if (line < 1 || line > layout->rows || byte < 0)
		return false;
	spot->offset = (size_t)(line - 1) * layout->per_row + byte;
	return true;
}
