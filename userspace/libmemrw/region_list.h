/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The regions of a target, all at once.  Inside the library only.
 */
#ifndef MEMRW_REGION_LIST_H
#define MEMRW_REGION_LIST_H

#include "memrw.h"

/** struct memrw_region_list - regions in rising order, with their names */
struct memrw_region_list {
	struct memrw_region *regions;
	size_t count;
};

/**
 * memrw_region_list_load() - read the target's regions
 *
 * Return: 0, or -1 with errno; @list is to be given back with
 * memrw_region_list_clear() after success.
 */
int memrw_region_list_load(struct memrw_region_list *list,
			   struct memrw_target *target);

/** memrw_region_list_clear() - free what a list holds; keeps errno */
void memrw_region_list_clear(struct memrw_region_list *list);

#endif /* MEMRW_REGION_LIST_H */
