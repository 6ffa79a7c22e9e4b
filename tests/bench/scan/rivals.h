/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What scans are measured beside.  Times are in seconds: on the clock, and of
 * the processors, which a machine that is busy does not make longer.
 */
#ifndef RIVALS_H
#define RIVALS_H

#include "target.h"

#include <stdbool.h>

/* In seconds, a command of scanmem's is stopped. */
#define SCANMEM_LIMIT	120

struct times {
	double clock;
	double cpu;
	/* It was stopped: what it takes is more than that. */
	bool more;
};

/* The time now, of this process; and what has passed since. */
struct times times_now(void);
struct times times_since(struct times start);
struct times times_less(struct times whole, struct times part);
struct times times_least(struct times a, struct times b);

/* Reading all of the target's memory, and nothing else, with so many threads. */
struct times time_reading(const struct target *target, unsigned int threads);

bool has_scanmem(void);

/*
 * scanmem's time for these commands, from its start to its end, without what
 * it takes to start and to find its regions; on the clock less than 0: it failed.
 */
struct times time_scanmem(const struct target *target, const char *commands);

#endif
