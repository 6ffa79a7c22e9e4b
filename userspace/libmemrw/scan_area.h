/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a target as a pass sees it. */
#ifndef MRW_SCAN_AREA_H
#define MRW_SCAN_AREA_H

#include "scan_term.h"
#include "region_filter.h"

/*
 * enum mrw_absent - what a page is that the target does not have
 * @MRW_ABSENT_UNKNOWN: to be read like any other
 * @MRW_ABSENT_ZERO: zeros
 * @MRW_ABSENT_NOTHING: not to be looked at
 */
enum mrw_absent {
	MRW_ABSENT_UNKNOWN,
	MRW_ABSENT_ZERO,
	MRW_ABSENT_NOTHING,
};

/* struct mrw_area - readable memory of one kind, the end not included */
struct mrw_area {
	uint64_t start;
	uint64_t end;
	enum mrw_absent absent;
};

/*
 * struct mrw_areas - all that is readable, and what of it is wanted
 * @areas: rising, apart
 * @area_count: of them
 * @ranges: likewise; neighbours are one
 * @range_count: of them
 */
struct mrw_areas {
	struct mrw_area *areas;
	size_t area_count;
	struct mrw_range *ranges;
	size_t range_count;
};

/* @filter: NULL: all is wanted. */
int mrw_areas_load(struct mrw_areas *areas, struct memrw_target *target,
		   const struct memrw_region_filter *filter);
void mrw_areas_clear(struct mrw_areas *areas);

/* The first area that ends behind an address; NULL behind the last. */
const struct mrw_area *mrw_areas_find(const struct mrw_areas *areas, uint64_t address);

#endif
