/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MINDER_H
#define MINDER_H

struct board;

/*
 * In a process of its own, as root: changes the policy, tries at all times to take
 * the driver out, and sees to it that now and then that is possible.
 */
_Noreturn void minder_run(struct board *board);

/* Puts the driver back if it is out, under the default policy. */
void minder_restore(void);

#endif
