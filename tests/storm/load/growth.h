/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether anything grows while the load goes on.
 */
#ifndef GROWTH_H
#define GROWTH_H

#include "load/board.h"

#define GROWTH_SAMPLES	64

struct growth_sample {
	long slab;		/* kB, overall */
	long unreclaimable;	/* of that */
	long resident;		/* kB, of all readers */
	long descriptors;	/* of all readers */
	long files;		/* of the whole system */
	long references;	/* to the module */
};

struct growth {
	struct growth_sample samples[GROWTH_SAMPLES];
	unsigned int count;
};

/* Passes over what is more than there is room for. */
void growth_sample(struct growth *growth, const struct board *board);

/* As test results. */
void growth_report(const struct growth *growth, const struct board *board);

#endif
