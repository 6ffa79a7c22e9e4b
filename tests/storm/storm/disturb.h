/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What targets do to their memory.
 */
#ifndef DISTURB_H
#define DISTURB_H

#include <stdbool.h>
#include <stdint.h>

enum disturbance {
	UNMAP, PROTECT_NONE, PROTECT_READ, MOVE, DONTNEED, FREE, REMOVE, HUGEPAGE, NOHUGEPAGE,
	COLLAPSE, MERGEABLE, UNMERGEABLE, PAGEOUT, REFILL, CHECK,
	MEMORY_DISTURBANCES,
	/* And to themselves: target.c. */
	CLONE = MEMORY_DISTURBANCES, FORK, EXEC, EXEC_BY_THREAD, LEADER_ENDS, EXIT, KILL,
	DISTURBANCES
};

struct board;
struct chance;

const char *disturb_name(enum disturbance disturbance);

/* Does the kernel it runs on not have to know it? */
bool disturb_is_optional(enum disturbance disturbance);

/* In a target, one of those of memory, in a zone of the thread's. */
void disturb(struct board *board, struct chance *chance, uint32_t id, unsigned int thread);

#endif
