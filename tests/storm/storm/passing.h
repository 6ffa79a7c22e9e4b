/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions that go from one process to another over a socket (SCM_RIGHTS).
 * Anybody may send, anybody may receive.
 */
#ifndef PASSING_H
#define PASSING_H

#include <stdbool.h>
#include <stddef.h>

#include "storm/actor.h"

struct passing {
	int sockets[2];
};

/* Before those are forked that pass; and the end of it, with all that is on its way. */
void passing_open(struct passing *passing);
void passing_close(struct passing *passing);

/* With @about, what is known of the session.  False where the way is full. */
bool passing_send(const struct passing *passing, struct actor *actor, int fd,
		  const void *about, size_t size);

/* The descriptor, or -1 where none is on its way. */
int passing_receive(const struct passing *passing, struct actor *actor, void *about,
		    size_t size);

#endif
