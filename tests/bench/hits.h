/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The driver's watch of a target that stores, and who reads its hits.
 */
#ifndef HITS_H
#define HITS_H

#include <stdbool.h>
#include <sys/types.h>

#include <linux/memrw.h>

#include "stores.h"

enum hits_pace {
	HITS_AT_ONCE,	/* the reader waits, and is woken by each */
	HITS_BY_TIME,	/* it looks each millisecond */
};

/* Has the driver watches here? */
bool hits_are_there(void);

/* A descriptor, which the caller closes. */
int hits_open(pid_t target, const struct memrw_set_watch *set);

/* Of what there is, how many are hits. */
unsigned long hits_read_all(int watch);

/*
 * The target stores, and a thread on another processor, if there is one, reads; how
 * many hits that were.  Ends the program if those that were lost are not all told of.
 */
unsigned long hits_read_meanwhile(int watch, enum hits_pace pace, const struct burst *burst,
				  double *elapsed);

#endif
