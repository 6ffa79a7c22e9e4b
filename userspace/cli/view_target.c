// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: the target, and what is seen of it.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "clock.h"
#include "target_end.h"
#include "view.h"

/* From one look at the regions to the next, and how much of the time that may take. */
#define REGIONS_INTERVAL	(2 * SECOND)
#define REGIONS_SHARE		100

/* Lines that a panel of hits has at least, and what it grows to. */
#define HITS_LEAST	4
#define HITS_MOST	12

/*
 * Messages
 */

static void put_message(struct view *view, bool error, const char *format, va_list arguments)
{
	vsnprintf(view->message, sizeof(view->message), format, arguments);
	view->error = error;
}

void view_say(struct view *view, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_message(view, false, format, arguments);
	va_end(arguments);
}

void view_complain(struct view *view, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_message(view, true, format, arguments);
	va_end(arguments);
}

/*
 * Opening and closing
 */

void view_attach(struct view *view, struct memrw_target *target)
{
	view->target = target;
	view->ended = 0;
	view->regions_due = 0;
	view->watches.target = target;
	view_memory_open(&view->memory, target, view->flags);
}

static void forget_symbol(struct view *view)
{
	free(view->symbol);
	view->symbol = NULL;
	view->symbol_address = 0;
}

void view_detach(struct view *view)
{
	freezer_close(view->freezer);
	view->freezer = NULL;
	view->frozen_count = 0;
	view_watches_clear(&view->watches);
	view_search_clear(&view->search);
	view_edits_clear(&view->edits);
	view_memory_close(&view->memory);
	view_regions_clear(&view->regions);
	places_close(view->places);
	view->places = NULL;
	forget_symbol(view);
	view_bytes_clear(&view->bytes);
	view_bytes_clear(&view->last);
	memrw_target_close(view->target);
	view->target = NULL;
}

void view_reopen(struct view *view)
{
	struct memrw_target *target;

	if (view->ended != ESTALE) {
		view_complain(view, view->ended ? "the process has exited" :
			      "it still runs the same program");
		return;
	}
	target = memrw_target_open(memrw_target_pid(view->target), view->via,
				   view->read_only ? MEMRW_OPEN_READ_ONLY : 0);
	if (!target) {
		view_complain(view, "cannot open it again: %s", strerror(errno));
		return;
	}
	view_detach(view);
	view_attach(view, target);
	view_look(view, clock_now());
	view_go(view, view->regions.count ? view->regions.list[0].start : 0);
	view_say(view, "the program that it runs now");
}

/*
 * Looking
 */

/* What is on the screen stays, and can be come back to. */
static void end(struct view *view, int error)
{
	char what[64];

	if (view->ended)
		return;
	view->ended = error;
	view->typing = VIEW_TYPE_NOTHING;
	view_bytes_clear(&view->last);
	if (view_bytes_move(&view->last, view->bytes.address, view->bytes.length) == 0)
		view_bytes_see(&view->last, view->bytes.bytes, view->bytes.known, 0);
	snprintf(what, sizeof(what), "%d (%s)", memrw_target_pid(view->target),
		 memrw_target_comm(view->target));
	if (error == ESRCH)
		view_complain(view, "%s has exited: this is what was seen last", what);
	else
		view_complain(view, "%s runs another program since (execve): R to look at that", what);
}

static void see_last(struct view *view, uint8_t *bytes, bool *known)
{
	const struct view_bytes *last = &view->last;

	for (size_t i = 0; i < view->bytes.length; i++) {
		uint64_t at = view->bytes.address + i - last->address;

		known[i] = at < last->length && last->known[at];
		bytes[i] = known[i] ? last->bytes[at] : 0;
	}
}

static void see(struct view *view, uint8_t *bytes, bool *known)
{
	size_t length = view->bytes.length;

	if (!view->ended &&
	    view_memory_read(&view->memory, view->bytes.address, bytes, known, length) < 0)
		end(view, errno);
	/* What was read in part is no longer what it was. */
	if (!view->ended && target_end(view->target))
		end(view, target_end(view->target));
	if (view->ended)
		see_last(view, bytes, known);
	view_bytes_see(&view->bytes, bytes, known, view->now);
}

static void look_at_memory(struct view *view)
{
	size_t length = view->layout.rows * view->layout.per_row;
	uint8_t *bytes = malloc(length + 1);
	bool *known = malloc(length + 1);

	if (bytes && known && view_bytes_move(&view->bytes, view->top, length) == 0)
		see(view, bytes, known);
	else
		view_complain(view, "out of memory");
	free(bytes);
	free(known);
}

static void look_at_regions(struct view *view)
{
	int64_t began = clock_now(), took;
	struct places *places;

	if (view_regions_load(&view->regions, view->target) < 0) {
		if (target_end(view->target))
			end(view, target_end(view->target));
		return;
	}
	places = places_open(view->target);
	if (places) {
		places_close(view->places);
		view->places = places;
	}
	took = clock_now() - began;
	view->regions_due = began + MAX(REGIONS_INTERVAL, took * REGIONS_SHARE);
}

void view_look(struct view *view, int64_t now)
{
	view->now = now;
	if (!view->ended && now >= view->regions_due)
		look_at_regions(view);
	view_watches_take(&view->watches, now);
	view_resize(view, view->layout.lines, view->layout.columns);
	if (view->fits)
		look_at_memory(view);
}

/*
 * The screen
 */

static int hits_wanted(const struct view *view)
{
	size_t lines = view_watches_lines(&view->watches);

	/* Not another size with each instruction that comes. */
	if (lines == 0)
		return 0;
	return lines + 1 <= HITS_LEAST ? HITS_LEAST : lines + 1 <= 8 ? 8 : HITS_MOST;
}

void view_resize(struct view *view, int lines, int columns)
{
	size_t count = view->regions.count;
	const struct view_wish wish = {
		.lines = lines,
		.columns = columns,
		.format = view->format,
		/* The vsyscall page is no reason for more digits. */
		.last = count ? MIN(view->regions.list[count - 1].end - 1, INT64_MAX) : 0,
		.regions = !view->no_regions,
		.hits = hits_wanted(view),
	};

	view->fits = view_layout_make(&view->layout, &wish);
	if (view->fits)
		view_arrange(view);
}

/*
 * Names
 */

const char *view_name(struct view *view, uint64_t address, char *text, size_t size)
{
	uint64_t offset = 0;
	const char *name = view->places ? places_find(view->places, address, &offset) : NULL;
	ssize_t region = view_regions_find(&view->regions, address);

	text[0] = '\0';
	if (name)
		snprintf(text, size, "%s+0x%" PRIx64, name, offset);
	else if (region >= 0 && view->regions.list[region].name[0] != '\0')
		snprintf(text, size, "%s+0x%" PRIx64,
			 view_region_short_name(&view->regions.list[region]),
			 address - view->regions.list[region].start);
	else if (region < 0)
		snprintf(text, size, "not mapped");
	return text;
}

void view_find_symbol(struct view *view)
{
	uint64_t offset;

	if (view->symbol_address == view->cursor || view->ended)
		return;
	forget_symbol(view);
	view->symbol_address = view->cursor;
	if (view->places && places_find(view->places, view->cursor, &offset))
		view->symbol = memrw_address_symbol(view->target, view->cursor,
						    &view->symbol_start);
}
