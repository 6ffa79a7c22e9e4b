/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where on the screen the viewer shows what.
 */
#ifndef CLI_VIEW_LAYOUT_H
#define CLI_VIEW_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view_format.h"

/* Below, there is nothing to be seen. */
#define VIEW_LINES_LEAST	8
#define VIEW_COLUMNS_LEAST	48

/**
 * struct view_wish - what the layout is for
 * @lines: of the screen
 * @columns: likewise
 * @format: of the memory
 * @last: the highest address
 * @regions: the list of regions is wanted
 * @hits: lines that the panel of hits could use; 0 for none
 */
struct view_wish {
	int lines;
	int columns;
	struct view_format format;
	uint64_t last;
	bool regions;
	int hits;
};

/**
 * struct view_layout - the layout
 *
 * From above: a line with the title, rows of memory with the list of regions left of
 * them, the panel of hits, a line about the cursor, a line for messages and input.
 *
 * @regions: columns of the list of regions; 0 without
 * @left: the first column of the memory
 * @rows: lines of the memory, which begin at line 1
 * @hits: lines of the panel of hits
 * @hits_line: the first of them
 * @digits: of an address
 * @format: of the memory
 * @per_row: bytes in a row
 */
struct view_layout {
	int lines;
	int columns;
	int regions;
	int left;
	int rows;
	int hits;
	int hits_line;
	int digits;
	struct view_format format;
	size_t per_row;
};

/** struct view_spot - a byte that is pointed at; @text: in the column of characters */
struct view_spot {
	size_t offset;
	bool text;
};

/** view_layout_make() - return: false where the screen is too small for anything */
bool view_layout_make(struct view_layout *layout, const struct view_wish *wish);

/** view_layout_cell() - the column where the value that a byte of a row is in begins */
int view_layout_cell(const struct view_layout *layout, size_t byte);

/** view_layout_text() - the column of a byte's character */
int view_layout_text(const struct view_layout *layout, size_t byte);

/** view_layout_width() - columns of a row of memory, from @left on */
int view_layout_width(const struct view_layout *layout);

/**
 * view_layout_find() - what is at a place of the screen
 *
 * Return: true if it is memory: @spot is set, from the first byte on the screen.
 */
bool view_layout_find(const struct view_layout *layout, int line, int column,
		      struct view_spot *spot);

#endif /* CLI_VIEW_LAYOUT_H */
