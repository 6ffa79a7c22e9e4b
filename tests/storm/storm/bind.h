/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binding a session to one of the targets.
 */
#ifndef BIND_H
#define BIND_H

#include <stdint.h>

#include "storm/actor.h"

/*
 * To any of them.  *@id is whose memory it then is, or 0 if that cannot be said:
 * the target changed meanwhile.  Returns 0 or -errno.
 */
int bind_to_any(struct actor *actor, int fd, uint32_t may, uint32_t *id);

int bind_to_none(struct actor *actor, int fd, uint32_t may);

/* An open session, or -1 where there is no driver just now. */
int bind_open(struct actor *actor, int mode);

void bind_close(struct actor *actor, int fd);

#endif
