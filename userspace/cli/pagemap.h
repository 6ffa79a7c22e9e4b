/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pages the target has in memory: /proc/PID/pagemap.
 */
#ifndef CLI_PAGEMAP_H
#define CLI_PAGEMAP_H

#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/* Of an entry. */
#define PAGEMAP_SWAPPED	(1ULL << 62)
#define PAGEMAP_PRESENT	(1ULL << 63)

/**
 * pagemap_open() - for the pages of a target
 *
 * Return: a descriptor; -1 where nothing can be known.
 */
int pagemap_open(struct memrw_target *target);

/**
 * pagemap_read() - entries, one a page
 * @pagemap: of pagemap_open(), or -1
 * @address: of the first page, whose beginning it is
 * @entries: out
 * @count: how many are wanted
 *
 * Return: how many there are, from the first on; 0 where nothing is known.
 */
size_t pagemap_read(int pagemap, uint64_t address, uint64_t *entries, size_t count);

/** pagemap_close() - give it back; -1 is fine; keeps errno */
void pagemap_close(int pagemap);

#endif /* CLI_PAGEMAP_H */
