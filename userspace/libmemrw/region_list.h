/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The regions of a target, all at once.  Inside the library only.
 */
#ifndef MRW_REGION_LIST_H
#define MRW_REGION_LIST_H

#include "memrw.h"

/** struct mrw_region_list - regions in rising order, with their names */
struct mrw_region_list {
	struct memrw_region *regions;
	size_t count;
};

/**
 * mrw_region_list_load() - read the target's regions
 *
 * Return: 0, or -1 with errno; @list is to be given back with
 * mrw_region_list_clear() after success.
 */
int mrw_region_list_load(struct mrw_region_list *list,
			   struct memrw_target *target);

/** mrw_region_list_clear() - free what a list holds; keeps errno */
void mrw_region_list_clear(struct mrw_region_list *list);

#endif /* MRW_REGION_LIST_H */
