/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The viewer's watchpoints, and what has hit them: who, where, how often.
 */
#ifndef CLI_VIEW_WATCHES_H
#define CLI_VIEW_WATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "code_places.h"
#include "instructions.h"
#include "memrw.h"

/* More than any processor has registers for. */
#define VIEW_WATCHES	16

/**
 * struct view_watch - a watchpoint
 * @watch: NULL when it has ended
 * @instructions: which have hit it
 * @lost: hits that there was no room for
 * @counted: hits at @counted_at, by clock_now()
 * @rate: hits per second since the count before
 */
struct view_watch {
	struct memrw_watch *watch;
	uint64_t address;
	size_t length;
	enum memrw_watch_kind kind;
	struct instructions instructions;
	uint64_t lost;
	uint64_t counted;
	int64_t counted_at;
	double rate;
};

/** struct view_watches - all of them; @places: NULL before the first */
struct view_watches {
	struct memrw_target *target;
	struct code_places *places;
	struct view_watch list[VIEW_WATCHES];
	size_t count;
};

/**
 * view_watches_add() - one more
 *
 * Return: 0, or -1 with errno, as memrw_watch_open(); ENOSPC also where there are
 * VIEW_WATCHES already.
 */
int view_watches_add(struct view_watches *watches, uint64_t address, size_t length,
		     enum memrw_watch_kind kind);

/** view_watches_remove() - one that an address is in; false if there is none */
bool view_watches_remove(struct view_watches *watches, uint64_t address);

/** view_watches_at() - is an address watched? */
bool view_watches_at(const struct view_watches *watches, uint64_t address);

/** view_watches_take() - the hits until now; @now: clock_now() */
void view_watches_take(struct view_watches *watches, int64_t now);

/** view_watches_lines() - how many lines they make; 0 without a watchpoint */
size_t view_watches_lines(const struct view_watches *watches);

/**
 * view_watches_write() - a line, without an end
 *
 * Return: true if it is one about a watchpoint, and not about an instruction.
 */
bool view_watches_write(const struct view_watches *watches, size_t line, FILE *stream);

/** view_watches_clear() - end them all, and free them */
void view_watches_clear(struct view_watches *watches);

#endif /* CLI_VIEW_WATCHES_H */
