/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address space as a picture: regions to scale, and what of them is in memory.
 */
#ifndef CLI_PICTURE_H
#define CLI_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "memrw.h"

/**
 * struct picture_cell - a piece of a region, how many of its pages are what
 * @data: in memory, and not all zeros
 * @zero: in memory, and all zeros
 * @swapped: swapped out
 */
struct picture_cell {
	uint32_t data;
	uint32_t zero;
	uint32_t swapped;
};

/**
 * struct picture_region - a region
 * @start: the first address
 * @end: the address behind the last
 * @properties: MEMRW_REGION_*
 * @name: as struct memrw_region has it
 * @cells: picture_cells() of them; NULL where nothing is known
 */
struct picture_region {
	uint64_t start;
	uint64_t end;
	uint32_t properties;
	const char *name;
	struct picture_cell *cells;
};

/**
 * struct picture - all of it
 * @title: what is shown
 * @page: bytes of a page
 * @regions: by rising address
 * @count: how many
 * @row: out of picture_scale(): bytes of memory in a row
 * @cell: likewise, in a cell
 */
struct picture {
	const char *title;
	uint64_t page;
	struct picture_region *regions;
	size_t count;
	uint64_t row;
	uint64_t cell;
};

/** picture_scale() - choose the scale, so that all of the regions fit */
void picture_scale(struct picture *picture);

/** picture_is_reserved() - is it only kept free by the target? such are left out */
bool picture_is_reserved(const struct picture_region *region);

/** picture_cells() - how many cells a region has, by the scale */
size_t picture_cells(const struct picture *picture, const struct picture_region *region);

/** picture_write() - write it as SVG; return: 0, or -1 with errno */
int picture_write(const struct picture *picture, FILE *stream);

#endif /* CLI_PICTURE_H */
