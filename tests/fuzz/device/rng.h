/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that follow from a seed. */
#ifndef FUZZ_RNG_H
#define FUZZ_RNG_H

#include <stdbool.h>
#include <stdint.h>

void rng_seed(uint64_t seed);

uint64_t rng_next(void);

/* From 0 to @below - 1. */
uint64_t rng_below(uint64_t below);

/* True once in @times. */
bool rng_once_in(unsigned int times);

#endif
