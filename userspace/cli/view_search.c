// SPDX-License-Identifier: GPL-2.0-only

#include <stddef.h>
#include <string.h>

#include "view_search.h"

#define PROGRESS_MS	200

int view_search_run(struct view_search *search, struct memrw_target *target,
		    unsigned int types, const char *value,
		    memrw_scan_progress_fn progress, void *data)
{
	const struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = MEMRW_SCAN_EQ,
		.value = value,
	};
	struct memrw_scan *scan = memrw_scan_open(target);

	if (!scan)
		return -1;
	if (memrw_scan_set_types(scan, types) < 0 ||
	    memrw_scan_set_progress(scan, progress, data, PROGRESS_MS) < 0 ||
	    memrw_scan_run(scan, &condition) < 0) {
		memrw_scan_close(scan);
		return -1;
	}
	memrw_scan_close(search->scan);
	search->scan = scan;
	return 0;
}

uint64_t view_search_count(const struct view_search *search)
{
	return search->scan ? memrw_scan_count(search->scan) : 0;
}

/*
 * struct found - in a walk over all places by rising address
 * @first: the first one that still holds; @last, @before, @behind: likewise
 */
struct found {
	bool any;
	bool has_before;
	bool has_behind;
	uint64_t first;
	uint64_t last;
	uint64_t before;
	uint64_t behind;
};

static bool still_holds(const struct memrw_scan_match *match)
{
	return match->current && memcmp(match->current, match->old, match->length) == 0;
}

static void note(struct found *found, uint64_t address, uint64_t from)
{
	if (!found->any)
		found->first = address;
	found->any = true;
	found->last = address;
	if (address < from) {
		found->before = address;
		found->has_before = true;
	} else if (address > from && !found->has_behind) {
		found->behind = address;
		found->has_behind = true;
	}
}

bool view_search_next(const struct view_search *search, uint64_t from, bool back,
		      uint64_t *address)
{
	struct memrw_scan_iter *iter;
	struct memrw_scan_match match;
	struct found found = { 0 };

	if (!search->scan)
		return false;
	iter = memrw_scan_iter_open(search->scan, 0, MEMRW_SCAN_READ);
	while (iter && memrw_scan_iter_next(iter, &match) > 0) {
		if (still_holds(&match))
			note(&found, match.address, from);
		/* Backwards from the first one, it is the last one that counts. */
		if (found.has_behind && (!back || found.has_before))
			break;
	}
	memrw_scan_iter_close(iter);
	if (back)
		*address = found.has_before ? found.before : found.last;
	else
		*address = found.has_behind ? found.behind : found.first;
	return found.any;
}

void view_search_clear(struct view_search *search)
{
	memrw_scan_close(search->scan);
	search->scan = NULL;
}
