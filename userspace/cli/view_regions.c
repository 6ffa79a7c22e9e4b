// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>
#include <string.h>

#include "smaps.h"
#include "view_regions.h"

static int add(struct view_regions *regions, const struct memrw_region *region,
	       const struct smaps *smaps)
{
	const struct smaps_entry *entry = smaps_find(smaps, region->start);
	struct view_region *list = regions->list;
	char *name;

	/* At powers of two there is no room for one more. */
	if ((regions->count & (regions->count - 1)) == 0)
		list = reallocarray(list, regions->count ? 2 * regions->count : 1,
				    sizeof(*list));
	if (!list)
		return -1;
	regions->list = list;
	name = strdup(region->name);
	if (!name)
		return -1;
	list[regions->count] = (struct view_region){
		.start = region->start,
		.end = region->end,
		.properties = region->properties,
		.resident = entry ? (int64_t)entry->resident : -1,
	};
	list[regions->count++].name = name;
	return 0;
}

static int load(struct view_regions *regions, struct memrw_target *target,
		const struct smaps *smaps)
{
	struct memrw_region_iter *iter = memrw_region_iter_open(target);
	struct memrw_region region;
	int more = iter ? 1 : -1;

	while (more > 0 && (more = memrw_region_iter_next(iter, &region)) > 0) {
		if (add(regions, &region, smaps) < 0)
			more = -1;
	}
	memrw_region_iter_close(iter);
	return more;
}

int view_regions_load(struct view_regions *regions, struct memrw_target *target)
{
	struct view_regions loaded = { 0 };
	struct smaps smaps;
	int status;

	/* Without it, what is resident is not known. */
	smaps_read(&smaps, target);
	status = load(&loaded, target, &smaps);
	smaps_clear(&smaps);
	if (status < 0) {
		view_regions_clear(&loaded);
		return -1;
	}
	view_regions_clear(regions);
	*regions = loaded;
	return 0;
}

size_t view_regions_next(const struct view_regions *regions, uint64_t address)
{
	size_t low = 0, high = regions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (regions->list[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

ssize_t view_regions_find(const struct view_regions *regions, uint64_t address)
{
	size_t next = view_regions_next(regions, address);

	return next > 0 && address < regions->list[next - 1].end ? (ssize_t)next - 1 : -1;
}

const char *view_region_short_name(const struct view_region *region)
{
	const char *slash = strrchr(region->name, '/');

	return slash ? slash + 1 : region->name;
}

void view_regions_clear(struct view_regions *regions)
{
	for (size_t i = 0; i < regions->count; i++)
		free(regions->list[i].name);
	free(regions->list);
	*regions = (struct view_regions){ 0 };
}
