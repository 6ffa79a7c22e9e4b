/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program, being run.
 */
#ifndef FUZZ_RUN_H
#define FUZZ_RUN_H

#include <stdbool.h>

#include "program.h"

#define RUN_SLOTS	4
#define RUN_WATCHES	4
#define RUN_FAILURE	512

/**
 * struct result - what is told of a program, in memory that processes share
 * @failure: what went wrong, or ""
 * @calls: that were made
 * @made: of each op
 * @succeeded: of these
 */
struct result {
	char failure[RUN_FAILURE];
	unsigned long calls;
	unsigned long made[OPS];
	unsigned long succeeded[OPS];
};

/**
 * struct run_watch - a watch
 * @fd: -1 where there is none
 * @hit_size: of what is read
 */
struct run_watch {
	int fd;
	unsigned int hit_size;
};

/**
 * struct run - the state
 * @slots: descriptors, -1 where there is none
 * @watches: watches
 * @result: what is told in the end; counts go on from the last program
 * @forked: this is the second of two processes that share the descriptors
 * @to_fork: calls that the second process is to do, before this one goes on
 */
struct run {
	int slots[RUN_SLOTS];
	struct run_watch watches[RUN_WATCHES];
	struct result *result;
	bool forked;
	unsigned int to_fork;
};

/* The descriptor in that slot. */
int *run_slot(struct run *run, uint64_t slot);

/* The first one counts. */
__attribute__((format(printf, 2, 3)))
void run_fail(struct run *run, const char *format, ...);

void run_program(const struct program *program, struct result *result);

#endif
