/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that a seed repeats.
 */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

/* From the seed of the whole run, and a number of the one who draws. */
void chance_seed(struct chance *chance, uint64_t seed, uint64_t who);

uint64_t chance_next(struct chance *chance);

/* From 0 to @limit - 1. */
unsigned int chance_below(struct chance *chance, unsigned int limit);

bool chance_one_in(struct chance *chance, unsigned int n);

/* MEMRW_SEED of the environment, or another one each time. */
uint64_t chance_seed_of_run(void);

#endif
