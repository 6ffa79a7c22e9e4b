/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The viewer's list of regions, and how much of each is resident.
 */
#ifndef CLI_VIEW_REGIONS_H
#define CLI_VIEW_REGIONS_H

#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/**
 * struct view_region - a region
 * @resident: bytes in memory; -1 where that is not known
 */
struct view_region {
	uint64_t start;
	uint64_t end;
	uint32_t properties;
	char *name;
	int64_t resident;
};

/** struct view_regions - all of them, by rising address */
struct view_regions {
	struct view_region *list;
	size_t count;
};

/**
 * view_regions_load() - as they are now
 * @regions: what was there before is freed, but stays where this fails
 *
 * Return: 0, or -1 with errno.
 */
int view_regions_load(struct view_regions *regions, struct memrw_target *target);

/**
 * view_regions_find() - the region that an address is in
 *
 * Return: its place in the list; -1 if there is none.
 */
ssize_t view_regions_find(const struct view_regions *regions, uint64_t address);

/** view_regions_next() - the place of the first that begins above an address, or @count */
size_t view_regions_next(const struct view_regions *regions, uint64_t address);

/** view_region_short_name() - the file's name, or what is in brackets, or "" */
const char *view_region_short_name(const struct view_region *region);

/** view_regions_clear() - free what it holds */
void view_regions_clear(struct view_regions *regions);

#endif /* CLI_VIEW_REGIONS_H */
