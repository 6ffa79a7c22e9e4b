/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all processes of the storm share.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "storm/call.h"
#include "storm/disturb.h"

#define TARGETS		6
#define SLOTS		(2 * TARGETS)	/* a target's child has the slot behind */
#define ATTACKERS	4
#define THREADS		4
#define ACTORS		(2 * THREADS)	/* a thread's child is an actor of its own */
#define BINDINGS	(1 << 20)
#define FAILURES	24

/* The uid and gid of what is not root's. */
#define MEMBER		1000

/*
 * Who lives where: pid << 32 | id.  Set by a target when its memory is filled
 * with words of that id, and cleared before anything of that changes: before
 * execve(), and before the process is reaped.  An id is never used again.
 */
struct slot {
	atomic_ullong who;
};

/*
 * To whom a session is bound that many threads and processes use.  It is known
 * if nobody else bound it meanwhile, @known then has the number of the bind in
 * its high half and the id in its low one.
 */
struct binding {
	atomic_uint starts, ends;	/* of binds */
	atomic_ullong known;
};

/* One thread that makes calls. */
struct board_actor {
	atomic_int tid;
	atomic_int call;
	atomic_ullong since;	/* 0 between two calls */
};

struct board {
	uint64_t seed;
	int fd;				/* of this memory */
	gid_t group;			/* of the device */
	atomic_bool over;
	atomic_bool quiet;		/* nobody is to keep a session open */
	atomic_uint access_changes;	/* odd while the policy is being changed */
	atomic_uint access;
	atomic_uint next_id;
	atomic_uint next_binding;
	struct slot slots[SLOTS];
	atomic_ulong lives[SLOTS];
	atomic_ulong results[CALLS][RESULTS];
	atomic_ulong disturbances[DISTURBANCES];
	atomic_ulong words;		/* that were looked at, in whole pages as in single */
	atomic_ulong own_words;		/* of those, such as say whose they are */
	atomic_ulong hits, lost_hits;	/* of watches: read, and told of as lost */
	atomic_ulong ends;		/* that watches have told of */
	atomic_ulong kills, signals, flips, busy, reloads;
	struct board_actor actors[ATTACKERS][ACTORS];
	atomic_uint failures;
	char failure[FAILURES][200];
	struct binding bindings[BINDINGS];
};

/* Something that must not be; the first ones are told at the end. */
void board_fail(struct board *board, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Before the process @pid is reaped, and its pid may be another's. */
void board_forget(struct board *board, pid_t pid);

static inline uint64_t slot_who(pid_t pid, uint32_t id)
{
	return (uint64_t)pid << 32 | id;
}

/* Gives up root's rights, but for those of the device's group. */
void board_become_member(const struct board *board);

#endif
