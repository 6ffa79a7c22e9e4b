/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The viewer's search: all places of a text, a value, or bytes, and the next one.
 */
#ifndef CLI_VIEW_SEARCH_H
#define CLI_VIEW_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "memrw.h"

/** struct view_search - the last search; @scan: NULL before the first */
struct view_search {
	struct memrw_scan *scan;
};

/**
 * view_search_run() - search all of the memory that can be read
 * @types: MEMRW_SCAN_*
 * @value: what for
 * @progress: as memrw_scan_set_progress() has it, with @data
 *
 * Return: 0, and the search is the last one from now on; or -1 with errno, as
 * memrw_scan_run().
 */
int view_search_run(struct view_search *search, struct memrw_target *target,
		    unsigned int types, const char *value,
		    memrw_scan_progress_fn progress, void *data);

/** view_search_count() - how many places it has found */
uint64_t view_search_count(const struct view_search *search);

/**
 * view_search_next() - the next place, where it still is what was searched for
 * @from: behind this address, or with @back before it; and if there is none, from the
 *	other end on
 *
 * Return: false if there is none at all any more.
 */
bool view_search_next(const struct view_search *search, uint64_t from, bool back,
		      uint64_t *address);

/** view_search_clear() - free what it holds */
void view_search_clear(struct view_search *search);

#endif /* CLI_VIEW_SEARCH_H */
