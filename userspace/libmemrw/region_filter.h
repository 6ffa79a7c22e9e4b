/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MRW_REGION_FILTER_H
#define MRW_REGION_FILTER_H

#include "memrw.h"
#include "region_list.h"
#include "scan_term.h"

/*
 * struct mrw_ranges - ranges that are being gathered: rising, and those that
 *	touch are one
 */
struct mrw_ranges {
	struct mrw_range *ranges;
	size_t count;
	size_t room;
};

int mrw_ranges_add(struct mrw_ranges *list, uint64_t start, uint64_t end);

/* What a filter takes of regions, which are all of a target's, and rising. */
int mrw_region_filter_ranges(const struct memrw_region_filter *filter,
			     const struct mrw_region_list *regions,
			     struct mrw_ranges *list);

struct memrw_region_filter *
mrw_region_filter_copy(const struct memrw_region_filter *filter);

#endif
