/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a target's memory that a dump has: a region each, or what was
 * chosen of one.
 */
#ifndef CLI_PARTS_H
#define CLI_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/** struct gap - a piece of a part that could not be read */
struct gap {
	uint64_t start;
	uint64_t end;
};

/**
 * struct part - of one region
 * @start: the first address
 * @end: the address behind the last
 * @properties: MEMRW_REGION_* of the region
 * @mapped_offset: of @start in the file that is mapped there, bytes
 * @name: the region's; never NULL
 * @at: offset of @start in the file of the dump, bytes
 * @gaps: what could not be read, in rising order; it is zeros in the dump
 * @gap_count: how many
 */
struct part {
	uint64_t start;
	uint64_t end;
	uint32_t properties;
	uint64_t mapped_offset;
	char *name;
	uint64_t at;
	struct gap *gaps;
	size_t gap_count;
};

/** struct parts - in rising order */
struct parts {
	struct part *items;
	size_t count;
};

/**
 * parts_add() - one more part, at the end
 * @start: where in @region it begins
 * @end: and ends
 *
 * Return: the part, until the next call; NULL after a report.
 */
struct part *parts_add(struct parts *parts, const struct memrw_region *region,
		       uint64_t start, uint64_t end);

/**
 * part_add_gap() - a piece that could not be read, behind all others
 *
 * Return: 0, or -1 after a report.
 */
int part_add_gap(struct part *part, uint64_t start, uint64_t end);

/**
 * part_run() - how far what is at an address goes on alike
 * @address: in the part
 * @length: out: to the part's end at most
 *
 * Return: is it there, and no gap?
 */
bool part_run(const struct part *part, uint64_t address, uint64_t *length);

/** parts_find() - the part at an address, or the next one; NULL behind the last */
const struct part *parts_find(const struct parts *parts, uint64_t address);

/**
 * parts_of_target() - all regions of a target, each as one part
 *
 * Return: 0, or -1 after a report.
 */
int parts_of_target(struct parts *parts, struct memrw_target *target);

/** parts_clear() - free what it holds */
void parts_clear(struct parts *parts);

#endif /* CLI_PARTS_H */
