/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memrw view: what it knows, and what its parts do with that.
 */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "freezer.h"
#include "memrw.h"
#include "places.h"
#include "view_bytes.h"
#include "view_edits.h"
#include "view_layout.h"
#include "view_memory.h"
#include "view_places.h"
#include "view_prompt.h"
#include "view_regions.h"
#include "view_search.h"
#include "view_watches.h"

/* The most values that are frozen at once. */
#define VIEW_FROZEN	64

/** enum view_asking - what the line at the bottom is for */
enum view_asking {
	VIEW_ASK_NOTHING,
	VIEW_ASK_ADDRESS,	/* to go to */
	VIEW_ASK_TEXT,		/* to search for */
	VIEW_ASK_VALUE,		/* likewise, or bytes */
	VIEW_ASK_EDIT,		/* a new value at the cursor */
	VIEW_ASK_MARK,		/* a letter, to set */
	VIEW_ASK_MARKED,	/* a letter, to go to */
};

/** enum view_typing - what keys change memory at once */
enum view_typing {
	VIEW_TYPE_NOTHING,
	VIEW_TYPE_HEX,
	VIEW_TYPE_TEXT,
};

/** struct view_frozen - a value that is frozen, and its number in the freezer */
struct view_frozen {
	uint64_t address;
	size_t length;
	int64_t number;
};

/**
 * struct view - all of it
 * @target: the target
 * @via: which backend was asked for
 * @flags: MEMRW_FORCE
 * @read_only: nothing can be changed
 * @ended: 0, or ESRCH, ESTALE since the target is no more
 * @interval: from one look at the memory to the next, nanoseconds
 * @paused: it is not looked at
 * @quit: there is an end to it
 * @helping: the keys are shown
 * @in_regions: keys are for the list of regions
 * @no_regions: the user wants no list
 * @format: of the memory
 * @cursor: an address
 * @phase: where values begin: addresses are this, modulo their size
 * @top: the first address on the screen
 * @chosen: the line of the list
 * @regions_top: the first one on the screen
 * @regions_due: when they are looked at again
 * @layout: of the screen
 * @fits: the screen is large enough for it
 * @now: of the last look, by clock_now()
 * @last: what was on the screen when the target ended
 * @places: what addresses are relative to; may be NULL
 * @symbol: at @symbol_address; NULL for none
 * @message: at the bottom, until the next key
 * @error: it is about a failure
 * @half: the first digit of a byte that is typed; -1 for none
 */
struct view {
	struct memrw_target *target;
	enum memrw_backend via;
	unsigned int flags;
	bool read_only;
	int ended;
	int64_t interval;
	bool paused;
	bool quit;
	bool helping;
	bool in_regions;
	bool no_regions;
	struct view_format format;
	uint64_t cursor;
	uint64_t phase;
	uint64_t top;
	size_t chosen;
	size_t regions_top;
	int64_t regions_due;
	struct view_layout layout;
	bool fits;
	int64_t now;
	struct view_memory memory;
	struct view_bytes bytes;
	struct view_bytes last;
	struct view_regions regions;
	struct places *places;
	uint64_t symbol_address;
	uint64_t symbol_start;
	char *symbol;
	struct view_places marks;
	struct view_edits edits;
	struct view_watches watches;
	struct view_search search;
	struct freezer *freezer;
	struct view_frozen frozen[VIEW_FROZEN];
	size_t frozen_count;
	enum view_asking asking;
	enum view_typing typing;
	int half;
	struct view_prompt prompt;
	char message[256];
	bool error;
};

/*
 * view_target.c: the target, and what is seen of it
 */

/** view_attach() - look at a target, which is given back with view_detach() */
void view_attach(struct view *view, struct memrw_target *target);

/** view_detach() - close the target, and all that belongs to it */
void view_detach(struct view *view);

/** view_look() - read what is on the screen; @now: clock_now() */
void view_look(struct view *view, int64_t now);

/** view_resize() - the screen has another size, or another format */
void view_resize(struct view *view, int lines, int columns);

/** view_reopen() - the process runs another program since: look at that */
void view_reopen(struct view *view);

/** view_name() - of an address, as expressions have it: "game+0x10"; @text is returned */
const char *view_name(struct view *view, uint64_t address, char *text, size_t size);

/** view_find_symbol() - what the cursor is in, once it stands still */
void view_find_symbol(struct view *view);

/** view_say() - a message; view_complain() - about a failure */
void view_say(struct view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void view_complain(struct view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * view_move.c: the cursor
 */

/** view_go() - to an address, wherever it is */
void view_go(struct view *view, uint64_t address);

/** view_jump() - likewise, to come back from */
void view_jump(struct view *view, uint64_t address);

/** view_step() - by values to the right, or to the left; view_rows() - by lines */
void view_step(struct view *view, int values);
void view_rows(struct view *view, int rows);

/** view_value() - where the value begins that an address is in */
uint64_t view_value(const struct view *view, uint64_t address);

/** view_arrange() - put the cursor onto the screen */
void view_arrange(struct view *view);

/** view_choose() - a line of the list of regions, which is brought onto the screen */
void view_choose(struct view *view, size_t line);

/*
 * view_edit.c: changing memory
 */

/** view_type() - a key, where keys change memory; false if it ends that */
bool view_type(struct view *view, int character);

/** view_set() - the value at the cursor, from text */
void view_set(struct view *view, const char *text);

/** view_undo(), view_redo() - the last change */
void view_undo(struct view *view);
void view_redo(struct view *view);

/** view_freeze() - the value at the cursor, or let it go */
void view_freeze(struct view *view);

/** view_is_frozen() - is the byte at an address? */
bool view_is_frozen(const struct view *view, uint64_t address);

/** view_may_write() - if not, it is said why */
bool view_may_write(struct view *view);

/*
 * view_keys.c: what keys do
 */

/** view_key() - a key of ncurses's, or a character */
void view_key(struct view *view, int key, bool is_character);

/** view_key_help() - a line of the help: the keys, and what they do; NULL past the last */
const char *view_key_help(size_t line, const char **names);

/*
 * view_ask.c: the line of input
 */

/** view_ask() - begin */
void view_ask(struct view *view, enum view_asking what);

/** view_ask_key() - a key meanwhile */
void view_ask_key(struct view *view, int key, bool is_character);

/** view_ask_label() - what is asked for */
const char *view_ask_label(const struct view *view);

/** view_search_again() - the next place, or with @back the one before */
void view_search_again(struct view *view, bool back);

/*
 * view_draw.c, view_panels.c: the screen
 */

/** view_draw() - all of it */
void view_draw(struct view *view);

/** view_draw_rows() - the memory */
void view_draw_rows(struct view *view);

/** view_draw_panels() - all else */
void view_draw_panels(struct view *view);

/** view_draw_help() - the keys */
void view_draw_help(struct view *view);

/*
 * view_loop.c
 */

/** view_loop() - until the user wants an end; return: the exit status */
int view_loop(struct view *view);

#endif /* CLI_VIEW_H */
