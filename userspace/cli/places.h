/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses as "MODULE+OFFSET", which memrw_address_resolve() understands.
 */
#ifndef CLI_PLACES_H
#define CLI_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

struct places;

/** places_open() - the regions of a target now; NULL with errno */
struct places *places_open(struct memrw_target *target);

/** places_close() - free them; NULL is fine */
void places_close(struct places *places);

/**
 * places_find() - what an address is relative to
 * @offset: out
 *
 * Return: a file name, "[heap]" or "[stack]", which lives as long as @places;
 * NULL where there is none.
 */
const char *places_find(const struct places *places, uint64_t address,
			uint64_t *offset);

#endif /* CLI_PLACES_H */
