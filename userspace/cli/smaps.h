/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much of each region is resident: /proc/PID/smaps.
 */
#ifndef CLI_SMAPS_H
#define CLI_SMAPS_H

#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/**
 * struct smaps_entry - a region
 * @start: its first address
 * @resident: bytes of it in memory
 * @swapped: bytes of it that are swapped out
 */
struct smaps_entry {
	uint64_t start;
	uint64_t resident;
	uint64_t swapped;
};

/** struct smaps - all of them, by rising address */
struct smaps {
	struct smaps_entry *list;
	size_t count;
};

/**
 * smaps_add() - a line of the file
 *
 * Return: 0, or -1 with ENOMEM.
 */
int smaps_add(struct smaps *smaps, const char *line);

/**
 * smaps_read() - the whole file
 * @smaps: out: empty where nothing can be known
 *
 * Return: 0, or -1 with errno.
 */
int smaps_read(struct smaps *smaps, struct memrw_target *target);

/** smaps_find() - the region that begins at an address; NULL if none does */
const struct smaps_entry *smaps_find(const struct smaps *smaps, uint64_t start);

/** smaps_clear() - free what it holds */
void smaps_clear(struct smaps *smaps);

#endif /* CLI_SMAPS_H */
