/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that have memory of every sort, each the same at the same
 * addresses, but each its own: also what is shared, with none of the others.
 */
#ifndef TWIN_H
#define TWIN_H

#include "unit.h"

struct twin {
	struct child child;
	int mem;	/* /proc/PID/mem */
};

/* Where their memory will be: before the first is started, and after the last. */
void twins_reserve(void);
void twins_release(void);

void twin_start(struct twin *twin);
void twin_stop(struct twin *twin);

/* An address in or beside that memory, of any sort, for a random number. */
uint64_t twin_address(uint64_t random);

/*
 * Is all memory of two of them alike?  So far as the kernel shows it; the
 * first difference is stored.
 */
bool twins_alike(const struct twin *one, const struct twin *other,
		 uint64_t *difference);

#endif
