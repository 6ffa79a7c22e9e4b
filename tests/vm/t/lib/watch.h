/* SPDX-License-Identifier: GPL-2.0-only */
/* Watches, and a target that accesses what is watched. */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/memrw.h>

#include "lib/worker.h"

/*
 * MEMRW_IOC_WATCH, with the sizes that are not set: a descriptor, which the caller
 * closes, or -errno.
 */
int watch_try(int session, struct memrw_set_watch set);

/* The same; leaves the test, as skipped, where there are no watches, and fails it else. */
int watch_open(int session, struct memrw_set_watch set);

/* What a program stores at once. */
#define WORD	sizeof(long)

/* Stores to a word, all of them. */
struct memrw_set_watch watch_stores(uint64_t address);

/*
 * Hits that there are, up to @count, waiting for each for as long as an emulated machine
 * may take; fewer at the end, whose record is among them.
 */
size_t watch_read(int watch, struct memrw_watch_hit *hits, size_t count);

/* That many hits and no more, for now. */
void watch_read_all(int watch, struct memrw_watch_hit *hits, size_t count);

/* Is there one, or does one come within @timeout_ms? */
bool watch_has_hit(int watch, unsigned int timeout_ms);

/* Is there none, nor does one come at once? */
void assert_no_hit(int watch);

/* The last record, which there is; the number of hits that were read before it. */
size_t watch_read_end(int watch, struct memrw_watch_hit *end);

/*
 * What the target does, @times times, to @width bytes at @address; it stores @value, and
 * @step more each time.
 */
struct accesses {
	uint64_t address;
	unsigned int width;
	unsigned int times;
	uint64_t value;
	uint64_t step;
};

long do_stores(void *accesses);
long do_loads(void *accesses);

void target_stores(struct worker *worker, uint64_t address, uint64_t value);
void target_stores_on(struct worker *worker, uint64_t address, uint64_t from, unsigned int times);

#endif
