/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starts all processes of the storm, again and again, and disturbs them; sees
 * that none of them gets stuck.
 */
#ifndef KEEPER_H
#define KEEPER_H

#include "storm/board.h"

/*
 * For that long, and on a machine that is too slow or too busy for it up to ten
 * times as long, until @enough.  Afterwards no process of the storm is left.
 */
void keeper_run(struct board *board, unsigned int seconds, unsigned int stuck_seconds,
		bool (*enough)(const struct board *board));

#endif
