// SPDX-License-Identifier: GPL-2.0-only
#include "load/gaps.h"

#include <stddef.h>

/* 16 buckets for each power of two. */
static size_t bucket_of(uint64_t time)
{
	unsigned int power;
	size_t bucket;

	if (time < 16)
		return time;
	power = 63 - __builtin_clzll(time);
	bucket = (power - 3) * 16 + (time >> (power - 4)) % 16;
	return bucket < GAPS_BUCKETS ? bucket : GAPS_BUCKETS - 1;
}

/* The end of a bucket. */
static uint64_t limit_of(size_t bucket)
{
	if (bucket < 16)
		return bucket + 1;
	return (bucket % 16 + 17) << (bucket / 16 - 1);
}

void gaps_add(struct gaps *gaps, uint64_t nanoseconds)
{
	gaps->count++;
	gaps->buckets[bucket_of(nanoseconds)]++;
	if (nanoseconds > gaps->longest)
		gaps->longest = nanoseconds;
}

void gaps_merge(struct gaps *into, const struct gaps *from)
{
	into->count += from->count;
	if (from->longest > into->longest)
		into->longest = from->longest;
	for (size_t i = 0; i < GAPS_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
}

uint64_t gaps_quantile(const struct gaps *gaps, double share)
{
	uint64_t wanted = gaps->count * share, seen = 0;

	for (size_t i = 0; i < GAPS_BUCKETS; i++) {
		seen += gaps->buckets[i];
		if (seen > wanted)
			return limit_of(i) < gaps->longest ? limit_of(i) : gaps->longest;
	}
	return gaps->longest;
}
