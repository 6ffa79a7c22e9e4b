// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: the line of input, and what is done with it.
 */

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "view.h"
#include "view_screen.h"
#include "wait_signal.h"

#define ESCAPE		0x1b
#define ERASE_ALL	('u' & 0x1f)

void view_ask(struct view *view, enum view_asking what)
{
	uint64_t address = view_value(view, view->cursor);
	size_t length = view_format_size(view->format);
	char text[VIEW_CELL_TEXT] = "";

	view->asking = what;
	if (what == VIEW_ASK_EDIT && view_bytes_has(&view->bytes, address, length))
		memrw_value_format(view->format.type,
				   view->bytes.bytes + (address - view->bytes.address), text,
				   sizeof(text));
	view_prompt_set(&view->prompt, text);
}

const char *view_ask_label(const struct view *view)
{
	switch (view->asking) {
	case VIEW_ASK_ADDRESS:
		return "go to address: ";
	case VIEW_ASK_TEXT:
		return "search for text: ";
	case VIEW_ASK_VALUE:
		return view->format.hex ? "search for bytes, as in de ad 4? ??: " : "search for value: ";
	case VIEW_ASK_EDIT:
		return "new value: ";
	case VIEW_ASK_MARK:
		return "set bookmark, a to z: ";
	case VIEW_ASK_MARKED:
		return "go to bookmark: ";
	default:
		return "";
	}
}

/*
 * Searching
 */

void view_search_again(struct view *view, bool back)
{
	uint64_t address;

	if (!view->search.scan)
		view_complain(view, "search for something first: / or =");
	else if (!view_search_next(&view->search, view->cursor, back, &address))
		view_complain(view, "found nowhere");
	else {
		view_jump(view, address);
		view_say(view, "%" PRIu64 " found", view_search_count(&view->search));
	}
}

/* The screen is the user's while a search takes its time: Esc ends it. */
static int show_progress(void *data, uint64_t done, uint64_t total)
{
	struct view *view = data;
	wint_t key;

	view_say(view, "searching: %d%%; Esc ends it", total ? (int)(100.0 * done / total) : 100);
	view_draw(view);
	while (get_wch(&key) != ERR) {
		if (key == ESCAPE)
			return 1;
	}
	view->quit = wait_signal_until(0);
	return view->quit;
}

static const char *search_error(int error)
{
	switch (error) {
	case ECANCELED:
		return "the search was ended";
	case EINVAL:
		return "there is no such value, of this type";
	case ERANGE:
		return "it does not fit the type";
	default:
		return strerror(error);
	}
}

static unsigned int types_of(const struct view *view)
{
	if (view->asking == VIEW_ASK_TEXT)
		return MEMRW_SCAN_STR;
	return view->format.hex ? MEMRW_SCAN_BYTES : MEMRW_SCAN_TYPE(view->format.type);
}

static void search(struct view *view)
{
	unsigned int types = types_of(view);

	view->asking = VIEW_ASK_NOTHING;
	if (view->ended)
		view_complain(view, "the process is no more");
	else if (view_search_run(&view->search, view->target, types, view->prompt.text,
				 show_progress, view) < 0)
		view_complain(view, "%s", search_error(errno));
	else
		view_search_again(view, false);
}

/*
 * What the line was for
 */

static void go_to_address(struct view *view)
{
	uint64_t address;

	view->asking = VIEW_ASK_NOTHING;
	if (memrw_address_resolve(view->target, view->prompt.text, &address) == 0)
		view_jump(view, address);
	else
		view_complain(view, "%s: %s", view->prompt.text, memrw_address_error());
}

static void finish(struct view *view)
{
	enum view_asking what = view->asking;

	if (view->prompt.length == 0) {
		view->asking = VIEW_ASK_NOTHING;
		return;
	}
	if (what == VIEW_ASK_ADDRESS) {
		go_to_address(view);
	} else if (what == VIEW_ASK_TEXT || what == VIEW_ASK_VALUE) {
		search(view);
	} else {
		view->asking = VIEW_ASK_NOTHING;
		view_set(view, view->prompt.text);
	}
}

static void take_letter(struct view *view, int letter)
{
	bool setting = view->asking == VIEW_ASK_MARK;
	char letters[VIEW_MARKS + 1];
	uint64_t address;

	view->asking = VIEW_ASK_NOTHING;
	if (letter == ESCAPE)
		return;
	view_places_list(&view->marks, letters);
	if (setting && view_places_mark(&view->marks, letter, view->cursor))
		view_say(view, "bookmark %c", letter);
	else if (!setting && view_places_find(&view->marks, letter, &address))
		view_jump(view, address);
	else
		view_complain(view, setting ? "a bookmark is a letter, a to z" :
			      "no such bookmark: there are '%s'", letters);
}

static void insert(struct view *view, wchar_t character)
{
	mbstate_t state = { 0 };
	char bytes[MB_LEN_MAX];
	size_t length = wcrtomb(bytes, character, &state);

	if (length != (size_t)-1)
		view_prompt_insert(&view->prompt, bytes, length);
}

static void edit_line(struct view *view, int key)
{
	switch (key) {
	case KEY_LEFT:
		view_prompt_move(&view->prompt, -1);
		break;
	case KEY_RIGHT:
		view_prompt_move(&view->prompt, 1);
		break;
	case KEY_HOME:
		view->prompt.cursor = 0;
		break;
	case KEY_END:
		view->prompt.cursor = view->prompt.length;
		break;
	case KEY_BACKSPACE:
		view_prompt_erase(&view->prompt);
		break;
	case KEY_ENTER:
		finish(view);
		break;
	default:
		break;
	}
}

static void take_character(struct view *view, int character)
{
	switch (character) {
	case ESCAPE:
		view->asking = VIEW_ASK_NOTHING;
		break;
	case '\r':
	case '\n':
		finish(view);
		break;
	case '\b':
	case 0x7f:
		view_prompt_erase(&view->prompt);
		break;
	case ERASE_ALL:
		view_prompt_erase_all(&view->prompt);
		break;
	default:
		if (character >= ' ')
			insert(view, character);
	}
}

void view_ask_key(struct view *view, int key, bool is_character)
{
	bool letter = view->asking == VIEW_ASK_MARK || view->asking == VIEW_ASK_MARKED;

	if (letter)
		take_letter(view, is_character ? key : ESCAPE);
	else if (is_character)
		take_character(view, key);
	else
		edit_line(view, key);
}
