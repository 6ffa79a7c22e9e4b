/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How late something was, many times: a histogram of times, fine for short
 * ones, coarse for long ones (by a sixteenth).  One process adds to it.
 */
#ifndef GAPS_H
#define GAPS_H

#include <stdint.h>

#define GAPS_BUCKETS	(48 * 16)

struct gaps {
	uint64_t count;
	uint64_t longest;	/* nanoseconds */
	uint32_t buckets[GAPS_BUCKETS];
};

void gaps_add(struct gaps *gaps, uint64_t nanoseconds);

/* All of @from to @into. */
void gaps_merge(struct gaps *into, const struct gaps *from);

/* Of how many nanoseconds @share (0.99, say) of them are less. */
uint64_t gaps_quantile(const struct gaps *gaps, double share);

#endif
