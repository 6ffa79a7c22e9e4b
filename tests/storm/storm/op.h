/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One call on a session that has, or should have, a target.
 */
#ifndef OP_H
#define OP_H

#include <stdint.h>

#include "storm/actor.h"
#include "storm/call.h"
#include "storm/look.h"

struct op {
	struct actor *actor;
	int fd;
	int mode;		/* O_RDONLY, O_WRONLY or O_RDWR: for what it is open */
	uint32_t writes;	/* whose words it may write; 0: it must not write */
	bool opens;		/* may leave descriptors open: none of its numbers is another's */
	uint32_t may;		/* what a transfer in the right direction may end with, MAY() */
	/* What came of it: */
	enum call call;
	int64_t result;
	uint32_t state;		/* of the target, if that was asked */
	struct seen seen;
};

/* A random one; what it has read is in actor->buffer. */
void op_run(struct op *op);

#endif
