// SPDX-License-Identifier: GPL-2.0-only
#include "rng.h"

static uint64_t state;

void rng_seed(uint64_t seed)
{
	state = seed;
}

/* splitmix64: any seed is a good one, 0 too. */
uint64_t rng_next(void)
{
	uint64_t word = state += 0x9e3779b97f4a7c15;

	word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
	word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
	return word ^ (word >> 31);
}

uint64_t rng_below(uint64_t below)
{
	return rng_next() % below;
}

bool rng_once_in(unsigned int times)
{
	return rng_below(times) == 0;
}
