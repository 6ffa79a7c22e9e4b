// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: what is around the memory on the screen.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "amount.h"
#include "clock.h"
#include "region_text.h"
#include "view.h"
#include "view_screen.h"

/* Of the list of regions, behind the name: "rwxp 128M  99%". */
#define REGION_COLUMNS	15

/* Of the help: a key's names, and both. */
#define KEY_COLUMNS	10
#define HELP_COLUMNS	38

static void draw_title(const struct view *view)
{
	const char *state = view->ended == ESRCH ? "EXITED" : view->ended ? "EXECVE" :
			    view->paused ? "PAUSED" : "";
	char text[256];

	snprintf(text, sizeof(text), " memrw view  %d (%s)  via %s  %s  %.4g/s  %s%s",
		 memrw_target_pid(view->target), memrw_target_comm(view->target),
		 memrw_backend_name(memrw_target_backend(view->target)),
		 view_format_name(view->format), SECOND / (double)view->interval, state,
		 view->read_only ? "  read-only" : "");
	view_put(0, 0, view->layout.columns, view->ended ? LOOK_ERROR : LOOK_TITLE, text);
	if (view->layout.columns > (int)strlen(text) + 10)
		view_put(0, view->layout.columns - 8, 8, view->ended ? LOOK_ERROR : LOOK_TITLE,
			 "? help");
}

/*
 * Regions
 */

static enum view_look look_of(const struct view_region *region)
{
	if (region->properties & MEMRW_REGION_EXEC)
		return LOOK_EXECUTABLE;
	return region->properties & MEMRW_REGION_WRITE ? LOOK_WRITABLE : LOOK_PLAIN;
}

static void format_resident(const struct view_region *region, char *text, size_t size)
{
	uint64_t length = region->end - region->start;

	if (region->resident < 0)
		snprintf(text, size, "   ?");
	else
		snprintf(text, size, "%3.0f%%", MIN(100.0 * region->resident / length, 100));
}

/* What has no name is known by where it begins. */
static const char *name_of(const struct view_region *region, char *text, size_t size)
{
	const char *name = view_region_short_name(region);

	snprintf(text, size, "%" PRIx64, region->start);
	return name[0] != '\0' ? name : text;
}

static void draw_region(const struct view *view, int line, const struct view_region *region,
			bool chosen)
{
	char permissions[REGION_PERMISSIONS], size[AMOUNT_TEXT], resident[16], name[24], text[64];
	const struct memrw_region properties = { .properties = region->properties };
	int width = view->layout.regions - REGION_COLUMNS;

	region_permissions(&properties, permissions);
	format_resident(region, resident, sizeof(resident));
	snprintf(text, sizeof(text), " %s %4s %4s", permissions,
		 amount_format_short(region->end - region->start, size, sizeof(size)), resident);
	view_put(line, 0, width, chosen ? LOOK_CURSOR : LOOK_PLAIN,
		 name_of(region, name, sizeof(name)));
	view_put(line, width, REGION_COLUMNS, chosen ? LOOK_CURSOR : look_of(region), text);
}

static void draw_regions(struct view *view)
{
	ssize_t current = view_regions_find(&view->regions, view->cursor);

	if (view->layout.regions == 0)
		return;
	if (!view->in_regions && current >= 0)
		view_choose(view, current);
	else
		view_choose(view, view->chosen);
	for (int line = 0; line < view->layout.rows; line++) {
		size_t i = view->regions_top + line;

		if (i < view->regions.count)
			draw_region(view, 1 + line, &view->regions.list[i],
				    i == view->chosen && (view->in_regions || current >= 0));
		else
			view_put(1 + line, 0, view->layout.regions, LOOK_PLAIN, "");
		mvaddch(1 + line, view->layout.regions, ACS_VLINE);
	}
}

/*
 * Hits
 */

static void draw_hit(const struct view *view, int line, size_t number)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	bool head;

	if (!stream)
		return;
	head = view_watches_write(&view->watches, number, stream);
	if (fclose(stream) == 0)
		view_put(line, 0, view->layout.columns, head ? LOOK_WATCHED : LOOK_PLAIN, text);
	free(text);
}

static void draw_hits(const struct view *view)
{
	size_t lines = view_watches_lines(&view->watches);

	for (int i = 0; i < view->layout.hits; i++) {
		int line = view->layout.hits_line + i;

		if (i == 0)
			mvhline(line, 0, ACS_HLINE, view->layout.columns);
		else if ((size_t)i <= lines)
			draw_hit(view, line, i - 1);
		else
			view_put(line, 0, view->layout.columns, LOOK_PLAIN, "");
	}
}

/*
 * The cursor, as an address and as all numbers that it may be
 */

static void write_number(const struct view *view, enum memrw_type type, FILE *stream)
{
	const uint8_t *bytes = view->bytes.bytes + (view->cursor - view->bytes.address);
	char text[VIEW_CELL_TEXT];

	if (!view_bytes_has(&view->bytes, view->cursor, memrw_type_size(type)))
		return;
	if (memrw_value_format(type, bytes, text, sizeof(text)) > 0)
		fprintf(stream, "  %s %s", memrw_type_name(type), text);
}

static void write_cursor(struct view *view, FILE *stream)
{
	static const enum memrw_type types[] = {
		MEMRW_TYPE_I8, MEMRW_TYPE_I16, MEMRW_TYPE_I32, MEMRW_TYPE_U32, MEMRW_TYPE_F32,
		MEMRW_TYPE_I64, MEMRW_TYPE_F64,
	};
	char name[128];

	fprintf(stream, "%" PRIx64 " %s", view->cursor,
		view_name(view, view->cursor, name, sizeof(name)));
	if (view->symbol && view->symbol_address == view->cursor) {
		fprintf(stream, " %s", view->symbol);
		if (view->cursor > view->symbol_start)
			fprintf(stream, "+0x%" PRIx64, view->cursor - view->symbol_start);
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		write_number(view, types[i], stream);
}

static void draw_cursor(struct view *view)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return;
	write_cursor(view, stream);
	if (fclose(stream) == 0)
		view_put(view->layout.lines - 2, 0, view->layout.columns, LOOK_TITLE, text);
	free(text);
}

static void draw_message(const struct view *view)
{
	int line = view->layout.lines - 1, width = view->layout.columns;
	char text[VIEW_PROMPT_SIZE + 64];

	if (view->asking) {
		snprintf(text, sizeof(text), "%s%s", view_ask_label(view), view->prompt.text);
		view_put(line, 0, width, LOOK_KEY, text);
		return;
	}
	view_put(line, 0, width, view->error && view->message[0] ? LOOK_ERROR : LOOK_PLAIN,
		 view->message);
}

void view_draw_panels(struct view *view)
{
	draw_title(view);
	draw_regions(view);
	draw_hits(view);
	draw_cursor(view);
	draw_message(view);
}

/*
 * Help
 */

void view_draw_help(struct view *view)
{
	int rows = view->layout.lines - 2;
	const char *names, *help;

	erase();
	view_put(0, 0, view->layout.columns, LOOK_TITLE, " memrw view: keys");
	for (size_t i = 0; (help = view_key_help(i, &names)); i++) {
		int line = 1 + i % rows, column = i / rows * (HELP_COLUMNS + 1);

		view_put(line, column + 1, KEY_COLUMNS, LOOK_KEY, names);
		view_put(line, column + KEY_COLUMNS + 1, HELP_COLUMNS - KEY_COLUMNS - 1,
			 LOOK_PLAIN, help);
	}
	view_put(view->layout.lines - 1, 0, view->layout.columns, LOOK_PLAIN,
		 "any key goes back; memrw-view(1) tells more");
}
