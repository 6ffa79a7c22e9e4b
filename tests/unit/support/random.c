// SPDX-License-Identifier: GPL-2.0-only
#include "random.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state = 1;

void random_start(void)
{
	const char *seed = getenv("MEMRW_SEED");

	state = seed ? strtoull(seed, NULL, 0) : 20261123;
}

/* splitmix64 */
uint64_t random_word(void)
{
	uint64_t word = state += 0x9e3779b97f4a7c15;

	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
	word = (word ^ word >> 27) * 0x94d049bb133111eb;
	return word ^ word >> 31;
}

size_t random_below(size_t limit)
{
	return random_word() % limit;
}

void random_memory(uint8_t *bytes, size_t length)
{
	size_t i, run;

	for (i = 0; i < length; i += run) {
		uint64_t word = random_word();

		run = 1 + random_below(16);
		if (run > length - i)
			run = length - i;
		switch (random_below(6)) {
		case 0:
			memset(bytes + i, 0, run);
			break;
		case 1:
			memset(bytes + i, word % 3 ? 0xff : 0x80, run);
			break;
		case 2:
			memset(bytes + i, word % 4, run);
			break;
		default:
			memcpy(bytes + i, &word, run < 8 ? run : 8);
			memset(bytes + i + (run < 8 ? run : 8), 0, run < 8 ? 0 : run - 8);
		}
	}
}
