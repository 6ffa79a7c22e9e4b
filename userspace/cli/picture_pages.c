// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "pagemap.h"
#include "picture_pages.h"
#include "smaps.h"

/* Pages that are looked at in one go. */
#define PAGES	256

/* Who has so much in one region has not got it in memory: it would take minutes. */
#define MOST_PAGES	(1ULL << 28)

/*
 * struct look - at the pages of a region
 * @buffer: PAGES pages, for their bytes
 */
struct look {
	struct memrw_target *target;
	const struct picture *picture;
	const struct picture_region *region;
	int pagemap;
	char *buffer;
};

static bool is_zero(const char *bytes, size_t length)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0;
}

static struct picture_cell *cell_of(const struct look *look, uint64_t address)
{
	return &look->region->cells[(address - look->region->start) / look->picture->cell];
}

/* @count pages that are in memory; what cannot be read is data. */
static void count_present(const struct look *look, uint64_t address, size_t count)
{
	uint64_t page = look->picture->page;
	ssize_t got = memrw_target_read(look->target, address, look->buffer, count * page, 0);

	for (size_t i = 0; i < count; i++) {
		struct picture_cell *cell = cell_of(look, address + i * page);

		if ((ssize_t)((i + 1) * page) <= got && is_zero(look->buffer + i * page, page))
			cell->zero++;
		else
			cell->data++;
	}
}

static size_t count_run(const uint64_t *entries, size_t count)
{
	size_t run = 0;

	while (run < count && entries[run] & PAGEMAP_PRESENT)
		run++;
	return run;
}

static void count_pages(const struct look *look, uint64_t address, const uint64_t *entries,
			size_t count)
{
	uint64_t page = look->picture->page;

	for (size_t i = 0, run; i < count; i += MAX(run, 1)) {
		run = count_run(entries + i, count - i);
		if (run > 0)
			count_present(look, address + i * page, run);
		else if (entries[i] & PAGEMAP_SWAPPED)
			cell_of(look, address + i * page)->swapped++;
	}
}

static void look_at(const struct look *look)
{
	const struct picture_region *region = look->region;
	uint64_t entries[PAGES], page = look->picture->page;
	size_t got;

	for (uint64_t at = region->start; at < region->end; at += got * page) {
		got = pagemap_read(look->pagemap, at, entries,
				   MIN((region->end - at) / page, PAGES));
		if (got == 0)
			break;
		count_pages(look, at, entries, got);
	}
}

static bool has_pages(const struct smaps *smaps, uint64_t start)
{
	const struct smaps_entry *entry = smaps_find(smaps, start);

	return !entry || entry->resident + entry->swapped > 0;
}

static int look_at_region(struct look *look, const struct smaps *smaps,
			  struct picture_region *region)
{
	struct picture_cell *cells;

	if (picture_is_reserved(region) ||
	    (region->end - region->start) / look->picture->page > MOST_PAGES)
		return 0;
	cells = calloc(picture_cells(look->picture, region), sizeof(*cells));
	if (!cells)
		return -1;
	region->cells = cells;
	look->region = region;
	if (has_pages(smaps, region->start))
		look_at(look);
	return 0;
}

static int look_at_regions(struct picture *picture, struct memrw_target *target)
{
	struct look look = { .target = target, .picture = picture };
	struct smaps smaps;
	int status = 0;

	look.pagemap = pagemap_open(target);
	if (look.pagemap < 0)
		return 0;
	/* Without it, every page is looked at. */
	smaps_read(&smaps, target);
	look.buffer = malloc(PAGES * picture->page);
	if (!look.buffer)
		status = -1;
	for (size_t i = 0; i < picture->count && status == 0; i++)
		status = look_at_region(&look, &smaps, &picture->regions[i]);
	free(look.buffer);
	smaps_clear(&smaps);
	pagemap_close(look.pagemap);
	return status;
}

int picture_of(struct picture *picture, struct memrw_target *target,
	       const struct parts *parts)
{
	picture->regions = calloc(parts->count + 1, sizeof(*picture->regions));
	if (!picture->regions)
		return -1;
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];

		picture->regions[picture->count++] = (struct picture_region){
			.start = part->start,
			.end = part->end,
			.properties = part->properties,
			.name = part->name,
		};
	}
	picture_scale(picture);
	return look_at_regions(picture, target);
}

void picture_clear(struct picture *picture)
{
	for (size_t i = 0; i < picture->count; i++)
		free(picture->regions[i].cells);
	free(picture->regions);
	picture->regions = NULL;
	picture->count = 0;
}
