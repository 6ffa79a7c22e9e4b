/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of a target that is stormed: zones of different kinds, at the
 * same places in all targets, so that one who gets to the wrong target finds
 * something there, and sees whose it is.
 */
#ifndef ZONE_H
#define ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/chance.h"
#include "lib/word.h"

struct board;

#define AREA		0x200000000000UL
#define ZONE_STRIDE	(4UL << 20)

enum zone_kind { ZONE_PLAIN, ZONE_HUGE, ZONE_SHARED, ZONE_FILE, ZONE_CONSTANT, ZONES };

struct zone {
	size_t pages;
	int protection;
	int flags;			/* of mmap() */
	unsigned int thread;		/* of a target: the one that has to do with it */
};

const struct zone *zone_get(enum zone_kind kind);

static inline uint64_t zone_start(enum zone_kind kind)
{
	return AREA + kind * ZONE_STRIDE;
}

/* A range of pages in a zone. */
struct range {
	enum zone_kind kind;
	uint64_t *words;
	size_t length;			/* bytes */
};

struct range zone_whole(enum zone_kind kind);
struct range zone_part(enum zone_kind kind, struct chance *chance);

/* In the target: maps a range anew; false where that cannot be. */
bool zone_map(const struct range *range);

/* In the target, all zones. */
void zone_map_all(void);

/* In the target: fills it with words of that id. */
void zone_fill(const struct range *range, uint32_t id);

/* In the target: its memory has words of its own, such that are anybody's, and zeros. */
void zone_check(struct board *board, const struct range *range, uint32_t id);

#endif
