/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failures that the kernel injects into one call of this thread: its 1st, 2nd,
 * 3rd ... allocation, or copy from or to a program's memory, does not work.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>

enum fault {
	FAULT_NONE,
	FAULT_SLAB,		/* an allocation of an object */
	FAULT_PAGE,		/* an allocation of pages */
	FAULT_COPY,		/* a copy from or to this program's memory */
	FAULT_KINDS,
};

/* Whether the kernel can inject any. */
bool fault_is_possible(void);

/* Leaves the test, as skipped, with the reason, if the kernel cannot inject any. */
void fault_need(void);

/* Whether it can inject this one. */
bool fault_has(enum fault fault);

/* From here on the @nth one fails: the next thing is to be the call, and nothing else. */
void fault_arm(unsigned int nth);

/* Ends that; what has failed since, FAULT_NONE if there were fewer than that. */
enum fault fault_disarm(void);

#endif
