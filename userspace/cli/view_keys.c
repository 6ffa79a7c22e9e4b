// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: what keys do, when they are not for the line of input.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/param.h>

#include "clock.h"
#include "view.h"
#include "view_screen.h"
#include "watch_open.h"

#define CTRL(letter)	((letter) & 0x1f)
#define ESCAPE		0x1b

/* Of the interval. */
#define FASTEST		(10 * MILLISECOND)
#define SLOWEST		(10 * SECOND)

/* Lines that the mouse's wheel moves by. */
#define WHEEL		3

/*
 * Moving
 */

/* Up and down are the list's where keys are for that. */
static void go_lines(struct view *view, int lines)
{
	int64_t line = (int64_t)view->chosen + lines;

	if (view->in_regions)
		view_choose(view, MAX(line, 0));
	else
		view_rows(view, lines);
}

static void left(struct view *view)
{
	view_step(view, -1);
}

static void right(struct view *view)
{
	view_step(view, 1);
}

static void up(struct view *view)
{
	go_lines(view, -1);
}

static void down(struct view *view)
{
	go_lines(view, 1);
}

static void page_up(struct view *view)
{
	go_lines(view, -view->layout.rows);
}

static void page_down(struct view *view)
{
	go_lines(view, view->layout.rows);
}

static void half_page_up(struct view *view)
{
	go_lines(view, -view->layout.rows / 2);
}

static void half_page_down(struct view *view)
{
	go_lines(view, view->layout.rows / 2);
}

/* Bytes from the beginning of the row. */
static int place_in_row(const struct view *view)
{
	return (view->cursor - view->top) % view->layout.per_row;
}

static void row_start(struct view *view)
{
	view_step(view, -(place_in_row(view) / (int)view_format_size(view->format)));
}

static void row_end(struct view *view)
{
	view_step(view, ((int)view->layout.per_row - 1 - place_in_row(view)) /
		  (int)view_format_size(view->format));
}

static void region_start(struct view *view)
{
	ssize_t region = view_regions_find(&view->regions, view->cursor);

	if (view->in_regions)
		view_choose(view, 0);
	else if (region >= 0)
		view_jump(view, view->regions.list[region].start);
}

static void region_end(struct view *view)
{
	ssize_t region = view_regions_find(&view->regions, view->cursor);

	if (view->in_regions)
		view_choose(view, SIZE_MAX);
	else if (region >= 0)
		view_jump(view, view->regions.list[region].end -
			  view_format_size(view->format));
}

static void next_region(struct view *view)
{
	size_t next = view_regions_next(&view->regions, view->cursor);

	if (next < view->regions.count)
		view_jump(view, view->regions.list[next].start);
}

static void previous_region(struct view *view)
{
	size_t next = view_regions_next(&view->regions, view->cursor);

	if (next >= 2)
		view_jump(view, view->regions.list[next - 2].start);
}

static void switch_focus(struct view *view)
{
	ssize_t region = view_regions_find(&view->regions, view->cursor);

	if (view->layout.regions == 0) {
		view_complain(view, "there is no list of regions: z shows it, if there is room");
		return;
	}
	view->in_regions = !view->in_regions;
	if (view->in_regions && region >= 0)
		view_choose(view, region);
}

/*
 * Jumping
 */

static void follow(struct view *view)
{
	char text[24];
	uint64_t address;

	if (view->in_regions) {
		view->in_regions = false;
		view_jump(view, view->regions.list[view->chosen].start);
		return;
	}
	/* As wide as the target's pointers are. */
	snprintf(text, sizeof(text), "[0x%" PRIx64 "]", view_value(view, view->cursor));
	if (memrw_address_resolve(view->target, text, &address) < 0)
		view_complain(view, "%s", memrw_address_error());
	else if (view_regions_find(&view->regions, address) < 0)
		view_complain(view, "this is no pointer: nothing is mapped at 0x%" PRIx64, address);
	else
		view_jump(view, address);
}

static void back(struct view *view)
{
	uint64_t address;

	if (view_places_pop(&view->marks, &address))
		view_go(view, address);
	else
		view_complain(view, "this is where it began");
}

static void ask_address(struct view *view)
{
	view_ask(view, VIEW_ASK_ADDRESS);
}

static void ask_text(struct view *view)
{
	view_ask(view, VIEW_ASK_TEXT);
}

static void ask_value(struct view *view)
{
	view_ask(view, VIEW_ASK_VALUE);
}

static void search_next(struct view *view)
{
	view_search_again(view, false);
}

static void search_previous(struct view *view)
{
	view_search_again(view, true);
}

static void ask_mark(struct view *view)
{
	view_ask(view, VIEW_ASK_MARK);
}

static void ask_marked(struct view *view)
{
	view_ask(view, VIEW_ASK_MARKED);
}

/*
 * Changing
 */

static void edit(struct view *view)
{
	if (!view_may_write(view))
		return;
	if (!view->format.hex) {
		view_ask(view, VIEW_ASK_EDIT);
		return;
	}
	view->typing = VIEW_TYPE_HEX;
	view->half = -1;
	view_say(view, "editing: hexadecimal digits; Esc ends it");
}

static void edit_text(struct view *view)
{
	if (!view_may_write(view))
		return;
	view->typing = VIEW_TYPE_TEXT;
	view_say(view, "editing: characters; Esc ends it");
}

/*
 * Watching
 */

static void watch(struct view *view, enum memrw_watch_kind kind)
{
	uint64_t address = view_value(view, view->cursor);
	size_t length = view_format_size(view->format);

	if (view->ended)
		view_complain(view, "the process is no more");
	else if (address % length != 0)
		view_complain(view, "only what is at a multiple of its size can be watched");
	else if (view_watches_add(&view->watches, address, length, kind) < 0)
		view_complain(view, "%s", watch_open_reason(view->target, NULL, errno));
	else
		view_say(view, "watched: x ends it");
}

static void watch_stores(struct view *view)
{
	watch(view, MEMRW_WATCH_WRITE);
}

static void watch_all(struct view *view)
{
	watch(view, MEMRW_WATCH_READ_WRITE);
}

static void unwatch(struct view *view)
{
	if (!view_watches_remove(&view->watches, view->cursor))
		view_complain(view, "it is not watched");
}

/*
 * Showing
 */

static void set_format(struct view *view, int step)
{
	view->format = view_format_next(view->format, step);
	view->phase = view->cursor % view_format_size(view->format);
	view->typing = VIEW_TYPE_NOTHING;
	view_say(view, "%s", view_format_name(view->format));
}

static void next_format(struct view *view)
{
	set_format(view, 1);
}

static void previous_format(struct view *view)
{
	set_format(view, -1);
}

static void pause_or_go_on(struct view *view)
{
	view->paused = !view->paused;
}

static void set_interval(struct view *view, int64_t interval)
{
	view->interval = MAX(MIN(interval, SLOWEST), FASTEST);
	view_say(view, "%.4g times a second", SECOND / (double)view->interval);
}

static void faster(struct view *view)
{
	set_interval(view, view->interval / 2);
}

static void slower(struct view *view)
{
	set_interval(view, view->interval * 2);
}

static void show_list(struct view *view)
{
	view->no_regions = !view->no_regions;
	view->in_regions = false;
}

static void draw_anew(struct view *view)
{
	(void)view;
	clearok(curscr, TRUE);
}

static void show_help(struct view *view)
{
	view->helping = true;
}

static void quit(struct view *view)
{
	view->quit = true;
}

/*
 * The mouse
 */

static void click(struct view *view, int line, int column)
{
	struct view_spot spot;

	if (view_layout_find(&view->layout, line, column, &spot)) {
		view->in_regions = false;
		view_step(view, 0);
		view->cursor = view->top + spot.offset;
		return;
	}
	if (column < view->layout.regions && line >= 1 && line <= view->layout.rows &&
	    view->regions_top + line - 1 < view->regions.count) {
		view_choose(view, view->regions_top + line - 1);
		view_jump(view, view->regions.list[view->chosen].start);
	}
}

static void mouse(struct view *view)
{
	MEVENT event;
	bool in_list;

	if (getmouse(&event) != OK)
		return;
	in_list = event.x < view->layout.regions;
	if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		int lines = event.bstate & BUTTON4_PRESSED ? -WHEEL : WHEEL;

		if (in_list)
			view_choose(view, MAX((int64_t)view->chosen + lines, 0));
		else
			view_rows(view, lines);
	} else {
		click(view, event.y, event.x);
	}
}

/*
 * The table
 */

static const struct key {
	int codes[4];
	void (*act)(struct view *view);
	const char *keys;
	const char *help;
} keys[] = {
	{ { 'h', KEY_LEFT }, left, "h j k l", "move (or arrow keys)" },
	{ { 'l', KEY_RIGHT }, right, NULL, NULL },
	{ { 'k', KEY_UP }, up, NULL, NULL },
	{ { 'j', KEY_DOWN }, down, NULL, NULL },
	{ { ' ', KEY_NPAGE, CTRL('f') }, page_down, "Space b", "a page on, back (PgDn PgUp)" },
	{ { 'b', KEY_PPAGE, CTRL('b') }, page_up, NULL, NULL },
	{ { CTRL('d') }, half_page_down, "^D ^U", "half a page on, back" },
	{ { CTRL('u') }, half_page_up, NULL, NULL },
	{ { '0', KEY_HOME, '^' }, row_start, "0 $", "start, end of the row" },
	{ { '$', KEY_END }, row_end, NULL, NULL },
	{ { 'g' }, region_start, "g G", "start, end of the region" },
	{ { 'G' }, region_end, NULL, NULL },
	{ { '[' }, previous_region, "[ ]", "region before, after" },
	{ { ']' }, next_region, NULL, NULL },
	{ { '\t' }, switch_focus, "Tab", "list of regions and back" },
	{ { ':' }, ask_address, ":", "go to an address" },
	{ { '\r', KEY_ENTER, '\n', CTRL(']') }, follow, "Enter", "follow the pointer" },
	{ { KEY_BACKSPACE, 0x7f, CTRL('h'), CTRL('o') }, back, "Backspace", "come back (^O)" },
	{ { '/', KEY_F(3) }, ask_text, "/", "search for a text" },
	{ { '=' }, ask_value, "=", "search for a value, bytes" },
	{ { 'n' }, search_next, "n N", "next, previous place" },
	{ { 'N' }, search_previous, NULL, NULL },
	{ { 'm' }, ask_mark, "m '", "set, go to a bookmark" },
	{ { '\'' }, ask_marked, NULL, NULL },
	{ { 'e', 'i' }, edit, "e", "edit (Esc ends it)" },
	{ { 'a' }, edit_text, "a", "edit as text" },
	{ { 'u' }, view_undo, "u ^R", "undo, redo" },
	{ { CTRL('r') }, view_redo, NULL, NULL },
	{ { 'f' }, view_freeze, "f", "freeze, let go" },
	{ { 'w' }, watch_stores, "w W", "watch stores, loads too" },
	{ { 'W' }, watch_all, NULL, NULL },
	{ { 'x' }, unwatch, "x", "end the watch" },
	{ { 't' }, next_format, "t T", "next, previous type" },
	{ { 'T' }, previous_format, NULL, NULL },
	{ { 'p' }, pause_or_go_on, "p", "pause, go on" },
	{ { '+' }, faster, "+ -", "faster, slower" },
	{ { '-' }, slower, NULL, NULL },
	{ { 'z' }, show_list, "z", "list of regions on, off" },
	{ { 'R' }, view_reopen, "R", "after an execve: reopen" },
	{ { CTRL('l') }, draw_anew, "^L", "draw the screen anew" },
	{ { '?', KEY_F(1) }, show_help, "?", "these keys (F1)" },
	{ { 'q', 'Q', KEY_F(10) }, quit, "q", "quit (F10)" },
	{ { KEY_MOUSE }, mouse, NULL, NULL },
};

const char *view_key_help(size_t line, const char **names)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!keys[i].help || line-- > 0)
			continue;
		*names = keys[i].keys;
		return keys[i].help;
	}
	return NULL;
}

static void act(struct view *view, int code)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		for (size_t j = 0; j < 4 && keys[i].codes[j]; j++) {
			if (keys[i].codes[j] == code) {
				keys[i].act(view);
				return;
			}
		}
	}
	if (code != ESCAPE)
		view_complain(view, "no such key: ? shows them");
}

void view_key(struct view *view, int key, bool is_character)
{
	view->message[0] = '\0';
	if (view->helping) {
		view->helping = false;
		return;
	}
	if (view->asking) {
		view_ask_key(view, key, is_character);
		return;
	}
	if (view->typing && is_character && view_type(view, key))
		return;
	/* Arrows go on, as in vi; anything else ends it. */
	if (view->typing && is_character) {
		view->typing = VIEW_TYPE_NOTHING;
		view->half = -1;
		if (key == ESCAPE)
			return;
	}
	/* Characters have the numbers that ncurses has for keys. */
	act(view, is_character && key > 0xff ? ESCAPE : key);
}
