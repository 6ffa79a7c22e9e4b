// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>
#include <string.h>

#include "places.h"

/* struct place - a region: its name, NULL for none, and what its name means */
struct place {
	uint64_t start;
	uint64_t end;
	uint64_t base;
	char *name;
};

struct places {
	struct place *list;
	size_t count;
	size_t room;
};

static bool has_name(const struct memrw_region *region)
{
	return (region->inode && region->name[0] == '/') ||
	       strcmp(region->name, "[heap]") == 0 || strcmp(region->name, "[stack]") == 0;
}

/* The lowest region of the name, which is the last one seen but for rare cases. */
static uint64_t base_of(const struct places *places, const char *name, uint64_t start)
{
	uint64_t base = start;

	for (size_t i = places->count; i-- > 0;) {
		if (places->list[i].name && strcmp(places->list[i].name, name) == 0)
			base = places->list[i].base;
	}
	return base;
}

static struct place *new_place(struct places *places)
{
	size_t room = places->room ? 2 * places->room : 64;
	struct place *list;

	if (places->count < places->room)
		return &places->list[places->count];
	list = reallocarray(places->list, room, sizeof(*list));
	if (!list)
		return NULL;
	places->list = list;
	places->room = room;
	return &list[places->count];
}

/* A module's data without a file is behind that which has one. */
static const struct place *module_before(const struct places *places,
					 const struct memrw_region *region)
{
	const struct place *last = places->count ? &places->list[places->count - 1] : NULL;

	if (region->name[0] != '\0' || !last || !last->name || last->name[0] == '[' ||
	    last->end != region->start)
		return NULL;
	return last;
}

static int add_region(struct places *places, const struct memrw_region *region)
{
	struct place *place = new_place(places);
	const struct place *before;
	const char *slash = strrchr(region->name, '/');
	const char *name = slash ? slash + 1 : region->name;

	if (!place)
		return -1;
	before = module_before(places, region);
	*place = (struct place){ .start = region->start, .end = region->end };
	if (before) {
		place->base = before->base;
		name = before->name;
	} else if (has_name(region)) {
		place->base = base_of(places, name, region->start);
	} else {
		name = NULL;
	}
	if (name && !(place->name = strdup(name)))
		return -1;
	places->count++;
	return 0;
}

static int load(struct places *places, struct memrw_target *target)
{
	struct memrw_region_iter *iter = memrw_region_iter_open(target);
	struct memrw_region region;
	int more = iter ? 1 : -1;

	while (more > 0 && (more = memrw_region_iter_next(iter, &region)) > 0) {
		if (add_region(places, &region) < 0)
			more = -1;
	}
	memrw_region_iter_close(iter);
	return more;
}

struct places *places_open(struct memrw_target *target)
{
	struct places *places = calloc(1, sizeof(*places));

	if (places && load(places, target) < 0) {
		places_close(places);
		places = NULL;
	}
	return places;
}

void places_close(struct places *places)
{
	if (!places)
		return;
	for (size_t i = 0; i < places->count; i++)
		free(places->list[i].name);
	free(places->list);
	free(places);
}

const char *places_find(const struct places *places, uint64_t address, uint64_t *offset)
{
	size_t low = 0, high = places->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places->list[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == places->count || places->list[low].start > address ||
	    !places->list[low].name)
		return NULL;
	*offset = address - places->list[low].base;
	return places->list[low].name;
}
