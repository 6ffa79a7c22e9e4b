/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the viewer shows memory: bytes, or values of a type.
 */
#ifndef CLI_VIEW_FORMAT_H
#define CLI_VIEW_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "memrw.h"

/* Room that is enough for any cell, with the NUL. */
#define VIEW_CELL_TEXT	32

/**
 * struct view_format - the format
 * @hex: bytes; else values of @type
 * @type: not MEMRW_TYPE_STR
 */
struct view_format {
	bool hex;
	enum memrw_type type;
};

/** view_format_next() - the one after it (1) or before (-1), round and round */
struct view_format view_format_next(struct view_format format, int step);

/** view_format_name() - "hex", or that of the type */
const char *view_format_name(struct view_format format);

/** view_format_size() - bytes of one value */
size_t view_format_size(struct view_format format);

/** view_format_width() - columns that any value fits in, without a blank between */
int view_format_width(struct view_format format);

/**
 * view_format_cell() - a value, as wide as all are
 * @bytes: as many as view_format_size()
 * @known: which of them are
 * @text: out: of VIEW_CELL_TEXT; "?" where a byte is not known
 */
void view_format_cell(struct view_format format, const void *bytes, const bool *known,
		      char *text);

#endif /* CLI_VIEW_FORMAT_H */
