/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all processes of the load test share.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "load/gaps.h"
#include "lib/word.h"

#define TARGETS_MAX	256
#define READERS_MAX	256

/* A target's memory, at the same place in all of them. */
#define AREA		0x200000000000UL
#define AREA_PAGES	16
#define AREA_WORDS	(AREA_PAGES * PAGE_WORDS)

/* In each of its pages: the first words are not filled as the rest are. */
enum { COUNTED_BY_TARGET, ADDED_BY_READERS, SPECIAL_WORDS };

/* What the readers do. */
enum phase {
	IDLE,		/* nothing */
	KERNEL,		/* process_vm_readv() and _writev(): what memrw is compared with */
	DRIVER,		/* the same work through the driver */
	PHASES,
	PAUSE = PHASES,	/* between two of them: nothing is measured */
};

struct board_target {
	pid_t pid;
	struct gaps late[PHASES];	/* behind its time */
	struct gaps waits[PHASES];	/* in its work, for anything but a processor */
	atomic_ulong wrong;		/* words of its memory that are not its own */
};

struct board_reader {
	pid_t pid;
	uint64_t calls[PHASES];
	uint64_t words;			/* that were looked at */
	uint64_t added;
};

struct board {
	_Atomic enum phase phase;
	atomic_bool over;
	atomic_uint ready;
	unsigned int targets, readers, sessions;
	uint64_t seed;
	atomic_ulong failures;
	char failure[256];		/* the first one */
	atomic_ulong added[TARGETS_MAX];
	struct board_target target[TARGETS_MAX];
	struct board_reader reader[READERS_MAX];
};

/* Something went wrong; the first one is told. */
void board_fail(struct board *board, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
