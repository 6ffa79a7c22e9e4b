// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pointer_collect.h"

/* Read at once: a good part of a processor's cache. */
#define PIECE	(256 * 1024)

/*
 * struct collector - @low and @high: of all regions; @last: the region that
 * was pointed to last, as the next pointer often is to it too
 */
struct collector {
	struct memrw_target *target;
	const struct mrw_region_list *regions;
	struct mrw_pointer_table *table;
	const struct memrw_region *last;
	uint64_t low;
	uint64_t high;
	size_t size;
	size_t page;
	unsigned int flags;
};

static bool is_in(const struct memrw_region *region, uint64_t address)
{
	return address >= region->start && address < region->end;
}

static bool is_mapped(struct collector *collector, uint64_t address)
{
	size_t low = 0, high = collector->regions->count;

	if (is_in(collector->last, address))
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (collector->regions->regions[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == collector->regions->count ||
	    !is_in(&collector->regions->regions[low], address))
		return false;
	collector->last = &collector->regions->regions[low];
	return true;
}

/* Return: 0, or -1 with errno. */
static int take(struct collector *collector, uint64_t value, uint64_t location)
{
	/* Most values are too small by far. */
	if (value < collector->low || value >= collector->high ||
	    !is_mapped(collector, value))
		return 0;
	return mrw_pointer_table_add(collector->table, value, location);
}

static int take_wide(struct collector *collector, const uint64_t *values, size_t count,
		     uint64_t location)
{
	for (size_t i = 0; i < count; i++) {
		if (take(collector, values[i], location + i * sizeof(*values)) < 0)
			return -1;
	}
	return 0;
}

static int take_narrow(struct collector *collector, const uint32_t *values, size_t count,
		       uint64_t location)
{
	for (size_t i = 0; i < count; i++) {
		if (take(collector, values[i], location + i * sizeof(*values)) < 0)
			return -1;
	}
	return 0;
}

static int take_all(struct collector *collector, const void *buffer, size_t length,
		    uint64_t location)
{
	if (collector->size == sizeof(uint32_t))
		return take_narrow(collector, buffer, length / sizeof(uint32_t), location);
	return take_wide(collector, buffer, length / sizeof(uint64_t), location);
}

static ssize_t read_piece(struct collector *collector, uint64_t address, void *buffer,
			  size_t length)
{
	ssize_t done = memrw_target_read(collector->target, address, buffer, length,
					 collector->flags);

	/* A kernel that does not tell what was touched. */
	if (done < 0 && errno == ENOTSUP && collector->flags) {
		collector->flags = 0;
		return read_piece(collector, address, buffer, length);
	}
	return done;
}

static int collect_region(struct collector *collector, const struct memrw_region *region,
			  void *buffer)
{
	uint64_t address = region->start;

	while (address < region->end) {
		uint64_t left = region->end - address;
		ssize_t done = read_piece(collector, address, buffer,
					  left < PIECE ? left : PIECE);

		if (done < 0 && (errno == ESRCH || errno == ESTALE))
			return -1;
		if (done > 0 && take_all(collector, buffer, done, address) < 0)
			return -1;
		/* One page cannot be read, or part of it. */
		address += done > 0 ? done : 0;
		if (done <= 0 || done % collector->page != 0)
			address = (address / collector->page + 1) * collector->page;
	}
	return 0;
}

/* Reading a device's memory may do something to it. */
static bool is_wanted(const struct memrw_region *region)
{
	unsigned int both = MEMRW_REGION_READ | MEMRW_REGION_WRITE;

	return (region->properties & both) == both &&
	       (strncmp(region->name, "/dev/", 5) != 0 ||
		strncmp(region->name, "/dev/shm/", 9) == 0 ||
		strncmp(region->name, "/dev/zero", 9) == 0);
}

int mrw_pointer_collect(struct memrw_target *target, const struct mrw_region_list *regions,
			size_t size, struct mrw_pointer_table *table)
{
	struct collector collector = {
		.target = target,
		.regions = regions,
		.table = table,
		.size = size,
		.page = sysconf(_SC_PAGESIZE),
		.flags = MEMRW_NO_POPULATE,
	};
	int status = 0;
	void *buffer;

	*table = (struct mrw_pointer_table){ 0 };
	if (regions->count == 0)
		return 0;
	collector.last = &regions->regions[0];
	collector.low = regions->regions[0].start;
	collector.high = regions->regions[regions->count - 1].end;
	buffer = malloc(PIECE);
	if (!buffer)
		return -1;
	for (size_t i = 0; i < regions->count && !status; i++) {
		if (is_wanted(&regions->regions[i]))
			status = collect_region(&collector, &regions->regions[i], buffer);
	}
	free(buffer);
	return status ? -1 : mrw_pointer_table_sort(table);
}
