// SPDX-License-Identifier: GPL-2.0-only
#include "lib/chance.h"

#include <err.h>
#include <stdlib.h>
#include <sys/random.h>

/* splitmix64: any state will do, neighbours give unlike sequences. */
uint64_t chance_next(struct chance *chance)
{
	uint64_t z = chance->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void chance_seed(struct chance *chance, uint64_t seed, uint64_t who)
{
	chance->state = seed;
	chance->state = chance_next(chance) ^ who;
	chance_next(chance);
}

unsigned int chance_below(struct chance *chance, unsigned int limit)
{
	return chance_next(chance) % limit;
}

bool chance_one_in(struct chance *chance, unsigned int n)
{
	return chance_below(chance, n) == 0;
}

uint64_t chance_seed_of_run(void)
{
	const char *given = getenv("MEMRW_SEED");
	uint32_t seed;

	if (given)
		return strtoull(given, NULL, 0);
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		err(1, "getrandom");
	return seed;
}
