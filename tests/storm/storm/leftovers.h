/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the storm has left in the kernel, compared with what was there before.
 */
#ifndef LEFTOVERS_H
#define LEFTOVERS_H

#include "lib/slab.h"

struct leftovers {
	struct slab slab;
	long descriptors;	/* of this process */
};

void leftovers_begin(struct leftovers *before);

/* As test results. */
void leftovers_report(const struct leftovers *before);

#endif
