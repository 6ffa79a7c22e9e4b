/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What watches cost the target, beside those of a debugger and of perf.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>

#include "clock.h"

enum watcher {
	NOBODY,			/* a store, and nothing else */
	OTHER_WORD,		/* memrw from here on: on another address */
	CHANGED,		/* kept back by a filter */
	EVERY,
	ONCE_PER_IP,
	FULL,			/* no room */
	KEPT,			/* in the ring, unread */
	READ_AT_ONCE,		/* by who waits for each */
	READ_BY_TIME,		/* by who looks each millisecond */
	GDB,
	PERF,
	PERF_ALL,		/* with registers and callers */
	WATCHERS,
};

/*
 * struct watch_row
 * @stores: of the target's, and the @hits of them that the watcher was told of
 * @cost: of a store; 0 if the watcher is not there
 */
struct watch_row {
	const char *who;
	unsigned long stores, hits;
	double cost;
};

/*
 * struct watch_rate - of a longer run, the target as quick as it can
 * @who: NULL if the watcher is not there
 * @per_second, @hits: what the watcher was told of
 * @free_per_second: the most stores of which none was lost
 */
struct watch_rate {
	const char *who;
	unsigned long stores, hits;
	double per_second, free_per_second;
};

#define WATCH_RATES	4

/*
 * struct watch_table
 * @wake, @wake_watched: a target that sleeps is woken and sleeps again, before and
 *	while it is watched
 * @read: read(2) of a hit, of many at once
 * @rates: with the time, and not with instructions
 */
struct watch_table {
	struct watch_row rows[WATCHERS];
	double wake, wake_watched, read;
	struct watch_rate rates[WATCH_RATES];
};

/* Leaves it all 0 where the driver has no watches. */
void watch_measure(struct watch_table *table, const struct pace *pace);

/* What a store costs, beside one whose hit is read by who looks each millisecond. */
double watch_ratio(const struct watch_table *table, enum watcher watcher);

/* Does a watch cost nothing where there is no hit? */
bool watch_is_free(const struct watch_table *table);

#endif
