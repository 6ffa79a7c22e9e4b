/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TARGET_H
#define TARGET_H

#include "load/board.h"

/* What a target fills its memory with. */
uint32_t target_id(unsigned int target);

/* In a process of its own: works until the run is over. */
_Noreturn void target_run(struct board *board, unsigned int target);

#endif
