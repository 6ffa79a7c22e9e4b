/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program: calls, one after another, and its text, a line a call:
 *
 *	open slot=0 flags=0x2
 *	set_target slot=0 place=end size=0x10 flags=0 pid=child reserved=0 tail=0
 *
 * An empty line ends a program, "#" begins a comment.
 */
#ifndef FUZZ_PROGRAM_H
#define FUZZ_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "op.h"

#define PROGRAM_CALLS	24

/* The most that the text of a call takes, and that of a program. */
#define PROGRAM_LINE	1024
#define PROGRAM_TEXT	(PROGRAM_CALLS * PROGRAM_LINE)

struct call {
	uint8_t op;		/* in ops */
	uint64_t args[OP_ARGS];
};

struct program {
	unsigned int count;
	struct call calls[PROGRAM_CALLS];
};

/* Into @text, with the empty line; returns the bytes. */
size_t program_print(const struct program *program, char *text);

/*
 * The next program of a file: 1, or 0 at its end, or -1 where a line is wrong,
 * which is then on standard error.
 */
int program_read(struct program *program, FILE *file);

#endif
