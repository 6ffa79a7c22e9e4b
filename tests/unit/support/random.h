/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers that a seed repeats: MEMRW_SEED, or else the same each time.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_start(void);
uint64_t random_word(void);

/* Below @limit. */
size_t random_below(size_t limit);

/* Bytes of which many are alike, as memory is: zeros, ones, small numbers. */
void random_memory(uint8_t *bytes, size_t length);

#endif
