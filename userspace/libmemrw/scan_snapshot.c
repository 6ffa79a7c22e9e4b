// SPDX-License-Identifier: LGPL-2.1-or-later
/* A scan: its snapshots. */
#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int fail(int error)
{
	errno = error;
	return -1;
}

/* The place of a name, or the one for it. */
static size_t find(const struct memrw_scan *scan, const char *name, bool *found)
{
	size_t i;

	*found = false;
	for (i = 0; i < scan->saved_count; i++) {
		int order = strcmp(scan->saved[i].name, name);

		if (order >= 0) {
			*found = order == 0;
			break;
		}
	}
	return i;
}

struct mrw_set *mrw_scan_find_saved(const struct memrw_scan *scan, const char *name)
{
	bool found;
	size_t i = find(scan, name, &found);

	return found ? scan->saved[i].set : NULL;
}

static void replace(struct mrw_saved *saved, struct mrw_set *set)
{
	mrw_set_get(set);
	mrw_set_put(saved->set);
	saved->set = set;
}

static int insert(struct memrw_scan *scan, size_t at, const char *name)
{
	struct mrw_saved *saved;
	char *copy = strdup(name);

	saved = copy ? reallocarray(scan->saved, scan->saved_count + 1, sizeof(*saved)) : NULL;
	if (!saved) {
		free(copy);
		return -1;
	}
	scan->saved = saved;
	memmove(&saved[at + 1], &saved[at], (scan->saved_count - at) * sizeof(*saved));
	saved[at].name = copy;
	saved[at].set = mrw_set_get(scan->current);
	scan->saved_count++;
	return 0;
}

int memrw_scan_snapshot_save(struct memrw_scan *scan, const char *name)
{
	bool found;
	size_t at;

	if (!*name)
		return fail(EINVAL);
	if (!scan->current)
		return fail(ENOENT);
	at = find(scan, name, &found);
	if (!found)
		return insert(scan, at, name);
	replace(&scan->saved[at], scan->current);
	return 0;
}

int memrw_scan_snapshot_drop(struct memrw_scan *scan, const char *name)
{
	bool found;
	size_t at = find(scan, name, &found);

	if (!found)
		return fail(ENOENT);
	free(scan->saved[at].name);
	mrw_set_put(scan->saved[at].set);
	scan->saved_count--;
	memmove(&scan->saved[at], &scan->saved[at + 1],
		(scan->saved_count - at) * sizeof(*scan->saved));
	return 0;
}

void mrw_scan_drop_saved(struct memrw_scan *scan)
{
	for (size_t i = 0; i < scan->saved_count; i++) {
		free(scan->saved[i].name);
		mrw_set_put(scan->saved[i].set);
	}
	free(scan->saved);
	scan->saved = NULL;
	scan->saved_count = 0;
}

const char *memrw_scan_snapshot_name(const struct memrw_scan *scan, size_t index)
{
	return index < scan->saved_count ? scan->saved[index].name : NULL;
}
