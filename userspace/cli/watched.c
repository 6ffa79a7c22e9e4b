// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "watched.h"

int watched_open(struct watched *watched)
{
	watched->value = malloc(watched->length + 1);
	watched->seen = malloc(watched->length + 1);
	if (!watched->value || !watched->seen)
		return -1;
	/* Pages that may not be accessed are none of a window's. */
	if (!watched->flags)
		watched->window = memrw_window_open(watched->target, watched->address,
						    watched->length, 0);
	return 0;
}

void watched_close(struct watched *watched)
{
	memrw_window_close(watched->window);
	free(watched->value);
	free(watched->seen);
}

static bool is_gone(ssize_t result)
{
	return result < 0 && (errno == ESRCH || errno == ESTALE);
}

/* Return: -1 where the target is no more. */
static int keep_up_to_date(struct watched *watched, int64_t now)
{
	if (!watched->window || now < watched->sync_due)
		return 0;
	watched->sync_due = now + WATCHED_SYNC_NS;
	return is_gone(memrw_window_sync(watched->window, NULL, 0)) ? -1 : 0;
}

static bool see_through_window(struct watched *watched)
{
	return watched->window &&
	       memrw_window_read(watched->window, 0, watched->seen, watched->length) ==
	       (ssize_t)watched->length;
}

/* Return: bytes, or -1 with errno. */
static ssize_t see(struct watched *watched)
{
	watched->through_window = see_through_window(watched);
	if (watched->through_window)
		return watched->length;
	/* It may be a page that cannot be pinned. */
	return memrw_target_read(watched->target, watched->address, watched->seen,
				 watched->length, watched->flags);
}

int watched_look(struct watched *watched, int64_t now)
{
	ssize_t length;
	bool readable;

	if (keep_up_to_date(watched, now) < 0)
		return -1;
	length = see(watched);
	if (is_gone(length))
		return -1;
	readable = length == (ssize_t)watched->length;
	if (watched->known && readable == watched->readable &&
	    (!readable || memcmp(watched->seen, watched->value, watched->length) == 0))
		return 0;
	watched->known = true;
	watched->readable = readable;
	if (readable)
		memcpy(watched->value, watched->seen, watched->length);
	return 1;
}
