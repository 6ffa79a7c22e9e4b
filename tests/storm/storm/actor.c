// SPDX-License-Identifier: GPL-2.0-only
#include "storm/actor.h"

#include <err.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/clock.h"
#include "storm/board.h"

static void introduce(struct actor *actor)
{
	actor->shown = &actor->board->actors[actor->process][actor->number];
	actor->shown->since = 0;
	actor->shown->tid = gettid();
	snprintf(actor->name, sizeof(actor->name), "%s %u.%u", actor->member ? "member" : "root",
		 actor->process, actor->number);
}

void actor_init(struct actor *actor, struct board *board, unsigned int process,
		unsigned int number)
{
	char *buffer = mmap(NULL, BUFFER + PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (buffer == MAP_FAILED || mprotect(buffer + BUFFER, PAGE, PROT_NONE))
		err(1, "a buffer");
	*actor = (struct actor){
		.board = board,
		.process = process,
		.number = number,
		.member = geteuid() != 0,
		.buffer = (uint64_t *)buffer,
	};
	/* Not the same again after a process was killed. */
	chance_seed(&actor->chance, board->seed + board->kills, process * ACTORS + number);
	introduce(actor);
}

void actor_become_child(struct actor *actor)
{
	actor->number += THREADS;
	chance_seed(&actor->chance, chance_next(&actor->chance), actor->number);
	introduce(actor);
}
