// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: changing memory.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "view.h"

#define FREEZE_INTERVAL	(10 * MILLISECOND)

bool view_may_write(struct view *view)
{
	if (view->read_only)
		view_complain(view, "nothing is changed with --read-only");
	else if (view->ended)
		view_complain(view, "the process is no more");
	return !view->read_only && !view->ended;
}

static const char *reason(int error)
{
	return error == EIO ? "the memory there cannot be written: --force does" : strerror(error);
}

/*
 * Freezing
 */

static size_t find_frozen(const struct view *view, uint64_t address)
{
	size_t i = 0;

	while (i < view->frozen_count &&
	       address - view->frozen[i].address >= view->frozen[i].length)
		i++;
	return i;
}

bool view_is_frozen(const struct view *view, uint64_t address)
{
	return find_frozen(view, address) < view->frozen_count;
}

/* Return: the freezer at work; NULL with errno. */
static struct freezer *get_freezer(struct view *view)
{
	if (!view->freezer)
		view->freezer = freezer_open(view->target, view->flags);
	if (!view->freezer || freezer_start(view->freezer) < 0)
		return NULL;
	return view->freezer;
}

static void let_go(struct view *view, size_t i)
{
	freezer_remove(view->freezer, view->frozen[i].number);
	view->frozen_count--;
	memmove(&view->frozen[i], &view->frozen[i + 1],
		(view->frozen_count - i) * sizeof(view->frozen[0]));
}

/* Return: 0, or -1 with errno. */
static int hold(struct view *view, uint64_t address, const void *bytes, size_t length)
{
	const struct freeze freeze = {
		.address = address,
		.interval = FREEZE_INTERVAL,
		.bytes = bytes,
		.length = length,
	};
	struct freezer *freezer = get_freezer(view);
	int64_t number;

	if (!freezer || view->frozen_count == VIEW_FROZEN)
		return -1;
	freezer_stop(freezer);
	number = freezer_add(freezer, &freeze);
	if (freezer_start(freezer) < 0 || number < 0)
		return -1;
	view->frozen[view->frozen_count++] = (struct view_frozen){ address, length, number };
	return 0;
}

void view_freeze(struct view *view)
{
	uint64_t address = view_value(view, view->cursor);
	size_t length = view_format_size(view->format), i = find_frozen(view, view->cursor);
	const uint8_t *bytes = view->bytes.bytes + (address - view->bytes.address);

	if (i < view->frozen_count) {
		let_go(view, i);
		view_say(view, "no longer frozen");
		return;
	}
	if (!view_may_write(view))
		return;
	if (view->frozen_count == VIEW_FROZEN)
		view_complain(view, "%d values are frozen already", VIEW_FROZEN);
	else if (!view_bytes_has(&view->bytes, address, length))
		view_complain(view, "there is no value here");
	else if (hold(view, address, bytes, length) < 0)
		view_complain(view, "%s", strerror(errno));
	else
		view_say(view, "frozen at 0x%" PRIx64 ": f lets it go", address);
}

/* What the user writes is what is to stay. */
static void freeze_anew(struct view *view, uint64_t address, const uint8_t *bytes,
			size_t length)
{
	for (size_t i = 0; i < length; i++) {
		size_t frozen = find_frozen(view, address + i);
		struct view_frozen before;
		uint8_t value[VIEW_EDIT_BYTES];

		if (frozen == view->frozen_count)
			continue;
		before = view->frozen[frozen];
		let_go(view, frozen);
		if (memrw_target_read(view->target, before.address, value, before.length,
				      view->flags) !=
		    (ssize_t)before.length)
			continue;
		for (size_t j = 0; j < before.length; j++) {
			if (before.address + j - address < length)
				value[j] = bytes[before.address + j - address];
		}
		hold(view, before.address, value, before.length);
	}
}

/*
 * Writing
 */

static bool write_bytes(struct view *view, uint64_t address, const uint8_t *bytes,
			size_t length)
{
	ssize_t done;

	errno = EIO;
	done = memrw_target_write(view->target, address, bytes, length, view->flags);
	if (done != (ssize_t)length) {
		view_complain(view, "0x%" PRIx64 ": %s", address, reason(errno));
		return false;
	}
	freeze_anew(view, address, bytes, length);
	return true;
}

/* Change what the screen has; what was there before is remembered. */
static bool change(struct view *view, uint64_t address, const uint8_t *bytes, size_t length)
{
	struct view_edit edit = { .address = address, .length = length };

	if (!view_may_write(view))
		return false;
	errno = EIO;
	if (memrw_target_read(view->target, address, edit.before, length, view->flags) !=
	    (ssize_t)length) {
		view_complain(view, "0x%" PRIx64 ": %s", address, reason(errno));
		return false;
	}
	memcpy(edit.after, bytes, length);
	if (!write_bytes(view, address, bytes, length))
		return false;
	if (view_edits_add(&view->edits, &edit) < 0)
		view_complain(view, "out of memory: this cannot be undone");
	return true;
}

void view_set(struct view *view, const char *text)
{
	uint8_t bytes[VIEW_EDIT_BYTES];
	ssize_t length;

	errno = 0;
	length = memrw_value_parse(view->format.type, text, bytes, sizeof(bytes));
	if (length < 0)
		view_complain(view, errno == ERANGE ? "'%s' does not fit %s" : "'%s' is not of type %s",
			      text, view_format_name(view->format));
	else if (change(view, view_value(view, view->cursor), bytes, length))
		view_say(view, "written: u undoes it");
}

/* Two digits are a byte; the first one waits for the other. */
static bool type_digit(struct view *view, int character)
{
	int digit = isdigit(character) ? character - '0' : tolower(character) - 'a' + 10;
	uint8_t byte;

	if (!isxdigit(character))
		return false;
	if (view->half < 0) {
		view->half = digit;
		return true;
	}
	byte = view->half << 4 | digit;
	view->half = -1;
	if (change(view, view->cursor, &byte, 1))
		view_step(view, 1);
	return true;
}

bool view_type(struct view *view, int character)
{
	uint8_t byte = character;

	if (view->typing == VIEW_TYPE_HEX)
		return character <= 0x7f && type_digit(view, character);
	if (character < ' ' || character > '~')
		return false;
	if (change(view, view->cursor, &byte, 1))
		view_go(view, view->cursor + 1);
	return true;
}

/*
 * Undoing
 */

void view_undo(struct view *view)
{
	const struct view_edit *edit = view_edits_last(&view->edits);

	if (!edit) {
		view_complain(view, "nothing is left to be undone");
		return;
	}
	if (!view_may_write(view) ||
	    !write_bytes(view, edit->address, edit->before, edit->length))
		return;
	view_go(view, edit->address);
	view_say(view, "undone at 0x%" PRIx64, edit->address);
	view_edits_undone(&view->edits);
}

void view_redo(struct view *view)
{
	const struct view_edit *edit = view_edits_next(&view->edits);

	if (!edit) {
		view_complain(view, "nothing is left to be done again");
		return;
	}
	if (!view_may_write(view) ||
	    !write_bytes(view, edit->address, edit->after, edit->length))
		return;
	view_go(view, edit->address);
	view_say(view, "done again at 0x%" PRIx64, edit->address);
	view_edits_redone(&view->edits);
}
