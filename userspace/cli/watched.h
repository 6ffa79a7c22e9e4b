/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A value of the target that is looked at again and again: through a window where
 * there can be one, and else, on procfs for one, by reading it each time.
 */
#ifndef CLI_WATCHED_H
#define CLI_WATCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/* How long a window may show memory that the target has replaced. */
#define WATCHED_SYNC_NS	10000000LL

/**
 * struct watched - the value
 * @target: the target, for as long as this is open
 * @flags: MEMRW_FORCE
 * @address: where it is
 * @length: bytes
 * @value: out: it as it was when looked at last
 * @readable: out: could it be read?
 * @through_window: out: was it seen through a window?
 * @known: there was a look
 * @window: NULL where there is none
 * @sync_due: when the window is to be brought up to date next
 * @seen: room for what a look sees
 */
struct watched {
	struct memrw_target *target;
	unsigned int flags;
	uint64_t address;
	size_t length;
	char *value;
	bool readable;
	bool through_window;
	bool known;
	struct memrw_window *window;
	int64_t sync_due;
	char *seen;
};

/**
 * watched_open() - get ready to look
 * @watched: the first four members are set, all others zero; to be given back
 *	with watched_close() in any case
 *
 * Return: 0, or -1 with ENOMEM.
 */
int watched_open(struct watched *watched);

/**
 * watched_look() - look at it
 * @now: clock_now()
 *
 * Return: 1 if it is another value than before, or the first, or is not readable
 * any more; 0 if it is the same; -1 with errno where the target is no more: ESRCH,
 * ESTALE.
 */
int watched_look(struct watched *watched, int64_t now);

/** watched_close() - free what it holds */
void watched_close(struct watched *watched);

#endif /* CLI_WATCHED_H */
