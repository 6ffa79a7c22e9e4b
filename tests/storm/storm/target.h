/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TARGET_H
#define TARGET_H

struct board;

/* In a process of its own, and again after execve(): lives until it ends itself. */
_Noreturn void target_run(struct board *board, unsigned int slot);

#endif
