// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: keys, and looks at the memory, one after the other.
 */

#include <sys/param.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "view.h"
#include "view_screen.h"
#include "wait_signal.h"

static void resize(struct view *view)
{
	view_resize(view, LINES, COLS);
	erase();
	clearok(curscr, TRUE);
}

/* Where there is no room, there is only an end to it. */
static void take_key(struct view *view, wint_t key, bool is_character)
{
	if (!is_character && key == KEY_RESIZE)
		resize(view);
	else if (view->fits)
		view_key(view, key, is_character);
	else if (key == 'q')
		view->quit = true;
}

/* Return: was there any? */
static bool take_keys(struct view *view)
{
	bool any = false, helping = view->helping;
	wint_t key;
	int result;

	while (!view->quit && (result = get_wch(&key)) != ERR) {
		take_key(view, key, result == OK);
		any = true;
	}
	if (helping && !view->helping)
		erase();
	return any;
}

/* Memory is looked at once an interval, and for a key only if that is due, or moved. */
static void show(struct view *view, int64_t now, bool due)
{
	size_t length;

	view_resize(view, view->layout.lines, view->layout.columns);
	length = view->layout.rows * view->layout.per_row;
	if ((due && !view->paused) || view->bytes.address != view->top ||
	    view->bytes.length != length)
		view_look(view, now);
	if (due)
		view_find_symbol(view);
	view_draw(view);
}

int view_loop(struct view *view)
{
	int64_t due = clock_now(), now = due;

	resize(view);
	while (!view->quit) {
		show(view, now, now >= due);
		/* Times that were missed are not made up for. */
		if (now >= due)
			due += ((now - due) / view->interval + 1) * view->interval;
		if (wait_signal_or_readable(STDIN_FILENO, MIN(due, now + view->interval)))
			break;
		take_keys(view);
		now = clock_now();
	}
	return STATUS_DONE;
}
