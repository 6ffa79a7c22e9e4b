// SPDX-License-Identifier: GPL-2.0-only

#include <stdint.h>
#include <stdio.h>

#include "view_format.h"

/* By type: the longest text of a value. */
static const int widths[] = {
	[MEMRW_TYPE_I8] = 4,	[MEMRW_TYPE_U8] = 3,
	[MEMRW_TYPE_I16] = 6,	[MEMRW_TYPE_U16] = 5,
	[MEMRW_TYPE_I32] = 11,	[MEMRW_TYPE_U32] = 10,
	[MEMRW_TYPE_I64] = 20,	[MEMRW_TYPE_U64] = 20,
	[MEMRW_TYPE_F32] = 15,	[MEMRW_TYPE_F64] = 24,
	[MEMRW_TYPE_PTR] = 18,
};

#define TYPES	((int)(sizeof(widths) / sizeof(widths[0])))

struct view_format view_format_next(struct view_format format, int step)
{
	int place = format.hex ? 0 : 1 + (int)format.type;

	place = (place + step + TYPES + 1) % (TYPES + 1);
	return (struct view_format){
		.hex = place == 0,
		.type = place == 0 ? MEMRW_TYPE_I8 : (enum memrw_type)(place - 1),
	};
}

const char *view_format_name(struct view_format format)
{
	return format.hex ? "hex" : memrw_type_name(format.type);
}

size_t view_format_size(struct view_format format)
{
	return format.hex ? 1 : memrw_type_size(format.type);
}

int view_format_width(struct view_format format)
{
	return format.hex ? 2 : widths[format.type];
}

void view_format_cell(struct view_format format, const void *bytes, const bool *known,
		      char *text)
{
	int width = view_format_width(format);
	char value[VIEW_CELL_TEXT] = "?";
	bool all = true;

	for (size_t i = 0; i < view_format_size(format); i++)
		all = all && known[i];
	if (all && !format.hex)
		memrw_value_format(format.type, bytes, value, sizeof(value));
	if (!format.hex)
		snprintf(text, VIEW_CELL_TEXT, "%*s", width, value);
	else if (all)
		snprintf(text, VIEW_CELL_TEXT, "%02x", *(const uint8_t *)bytes);
	else
		snprintf(text, VIEW_CELL_TEXT, "??");
}
