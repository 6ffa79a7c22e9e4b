/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process whose threads make calls, of one of two kinds.
 */
#ifndef ATTACKER_H
#define ATTACKER_H

#include "storm/actor.h"
#include "storm/passing.h"

struct attacker {
	struct board *board;
	unsigned int number;
	struct passing passing;		/* to others of the same kind */
};

/*
 * Each thread has sessions of its own and knows at all times to whom they are
 * bound, what is left of that target, and so what each call may end with.
 */
void strict_run(struct actor *actor, const struct passing *passing);

/*
 * The threads have their sessions in common, bind and close them under each
 * other's feet, and share them with their children and with other processes.
 */
void crowd_run(struct actor *actor, const struct passing *passing);

/* In a process of its own: by its number strict or a crowd, root's or a member's. */
_Noreturn void attacker_run(const struct attacker *attacker);

#endif
