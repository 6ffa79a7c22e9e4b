// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_area.h"
#include "region_kind.h"

#include <errno.h>
#include <stdlib.h>

static enum mrw_absent absent_of(const struct memrw_region *region)
{
	if (mrw_region_is_anonymous(region))
		return MRW_ABSENT_ZERO;
	return mrw_region_is_shared_memory(region) ? MRW_ABSENT_NOTHING : MRW_ABSENT_UNKNOWN;
}

static void add_area(struct mrw_areas *areas, const struct memrw_region *region)
{
	enum mrw_absent absent = absent_of(region);
	struct mrw_area *last = NULL;

	if (!(region->properties & MEMRW_REGION_READ))
		return;
	if (areas->area_count)
		last = &areas->areas[areas->area_count - 1];
	if (last && last->end == region->start && last->absent == absent)
		last->end = region->end;
	else
		areas->areas[areas->area_count++] =
			(struct mrw_area){ region->start, region->end, absent };
}

/* What of the ranges is readable. */
static int clip_ranges(struct mrw_areas *areas, const struct mrw_ranges *wanted)
{
	struct mrw_ranges list = { 0 };
	size_t i = 0, j = 0;
	int status = 0;

	while (!status && i < areas->area_count && j < wanted->count) {
		const struct mrw_area *area = &areas->areas[i];
		const struct mrw_range *range = &wanted->ranges[j];
		uint64_t start = area->start > range->start ? area->start : range->start;
		uint64_t end = area->end < range->end ? area->end : range->end;

		if (start < end)
			status = mrw_ranges_add(&list, start, end);
		if (area->end < range->end)
			i++;
		else
			j++;
	}
	areas->ranges = list.ranges;
	areas->range_count = list.count;
	return status;
}

static int add_regions(struct mrw_areas *areas, const struct mrw_region_list *regions,
		       const struct memrw_region_filter *filter)
{
	static const struct mrw_range everything = { 0, UINT64_MAX };
	struct mrw_ranges wanted = { 0 };
	int status;

	areas->areas = reallocarray(NULL, regions->count ? regions->count : 1,
				    sizeof(*areas->areas));
	if (!areas->areas)
		return -1;
	for (size_t i = 0; i < regions->count; i++)
		add_area(areas, &regions->regions[i]);
	if (filter)
		status = mrw_region_filter_ranges(filter, regions, &wanted);
	else
		status = mrw_ranges_add(&wanted, everything.start, everything.end);
	if (status == 0)
		status = clip_ranges(areas, &wanted);
	free(wanted.ranges);
	return status;
}

int mrw_areas_load(struct mrw_areas *areas, struct memrw_target *target,
		   const struct memrw_region_filter *filter)
{
	struct mrw_region_list regions;
	int status;

	*areas = (struct mrw_areas){ 0 };
	if (mrw_region_list_load(&regions, target) < 0)
		return -1;
	status = add_regions(areas, &regions, filter);
	mrw_region_list_clear(&regions);
	if (status < 0)
		mrw_areas_clear(areas);
	return status;
}

void mrw_areas_clear(struct mrw_areas *areas)
{
	int saved = errno;

	free(areas->areas);
	free(areas->ranges);
	*areas = (struct mrw_areas){ 0 };
	errno = saved;
}

const struct mrw_area *mrw_areas_find(const struct mrw_areas *areas, uint64_t address)
{
	size_t low = 0, high = areas->area_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (areas->areas[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low < areas->area_count ? &areas->areas[low] : NULL;
}
