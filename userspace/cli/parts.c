// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "report.h"

static void report_no_memory(void)
{
	report("the list of regions", "%s", strerror(ENOMEM));
}

/* Return: the array with room for one more, or NULL after a report. */
static void *grow(void *items, size_t count, size_t size)
{
	void *grown = items;

	/* At powers of two there is no room for one more. */
	if ((count & (count - 1)) == 0)
		grown = reallocarray(items, count ? 2 * count : 1, size);
	if (!grown)
		report_no_memory();
	return grown;
}

static struct part *append(struct parts *parts)
{
	struct part *items = grow(parts->items, parts->count, sizeof(*items));

	if (!items)
		return NULL;
	parts->items = items;
	return &items[parts->count++];
}

struct part *parts_add(struct parts *parts, const struct memrw_region *region,
		       uint64_t start, uint64_t end)
{
	char *name = strdup(region->name);
	struct part *part;

	if (!name) {
		report_no_memory();
		return NULL;
	}
	part = append(parts);
	if (!part) {
		free(name);
		return NULL;
	}
	*part = (struct part){
		.start = start,
		.end = end,
		.properties = region->properties,
		.mapped_offset = region->inode ? region->offset + (start - region->start) : 0,
	};
	part->name = name;
	return part;
}

int part_add_gap(struct part *part, uint64_t start, uint64_t end)
{
	struct gap *gaps;

	if (part->gap_count > 0 && part->gaps[part->gap_count - 1].end == start) {
		part->gaps[part->gap_count - 1].end = end;
		return 0;
	}
	gaps = grow(part->gaps, part->gap_count, sizeof(*gaps));
	if (!gaps)
		return -1;
	part->gaps = gaps;
	gaps[part->gap_count++] = (struct gap){ start, end };
	return 0;
}

bool part_run(const struct part *part, uint64_t address, uint64_t *length)
{
	uint64_t end = part->end;
	bool there = true;

	for (size_t i = 0; i < part->gap_count; i++) {
		const struct gap *gap = &part->gaps[i];

		if (address >= gap->end)
			continue;
		there = address < gap->start;
		end = there ? gap->start : gap->end;
		break;
	}
	*length = end - address;
	return there;
}

const struct part *parts_find(const struct parts *parts, uint64_t address)
{
	size_t low = 0, high = parts->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (parts->items[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < parts->count ? &parts->items[low] : NULL;
}

static int add_regions(struct parts *parts, struct memrw_region_iter *iter)
{
	struct memrw_region region;
	int more;

	while ((more = memrw_region_iter_next(iter, &region)) > 0) {
		if (!parts_add(parts, &region, region.start, region.end)) {
			errno = ENOMEM;
			return -1;
		}
	}
	return more;
}

int parts_of_target(struct parts *parts, struct memrw_target *target)
{
	struct memrw_region_iter *iter = memrw_region_iter_open(target);
	int status = iter ? add_regions(parts, iter) : -1;

	if (status < 0 && errno != ENOMEM)
		report(memrw_target_comm(target), "%s", errno == ESRCH ?
		       "the process has exited" : strerror(errno));
	memrw_region_iter_close(iter);
	return status;
}

void parts_clear(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->items[i].name);
		free(parts->items[i].gaps);
	}
	free(parts->items);
	*parts = (struct parts){ 0 };
}
