/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef READER_H
#define READER_H

#include "load/board.h"

/* In a process of its own: reads and writes targets until the run is over. */
_Noreturn void reader_run(struct board *board, unsigned int reader);

#endif
