/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One thread that makes calls, with all that it needs of its own.
 */
#ifndef ACTOR_H
#define ACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/chance.h"
#include "lib/word.h"

#define BUFFER		(40 * PAGE)

struct board;
struct board_actor;

struct actor {
	struct board *board;
	struct board_actor *shown;
	struct chance chance;
	unsigned int process, number;
	bool member;			/* not root */
	char name[32];
	uint64_t *buffer;		/* BUFFER bytes; no memory is behind it */
};

/* @number: of the thread in its process. */
void actor_init(struct actor *actor, struct board *board, unsigned int process,
		unsigned int number);

/* In a child of the actor's, which becomes one itself. */
void actor_become_child(struct actor *actor);

#endif
