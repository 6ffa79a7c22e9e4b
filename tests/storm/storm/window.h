/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A window on a target, from its mmap() to its end: looked through, stored
 * through, refreshed, split and moved meanwhile.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdint.h>

#include "storm/op.h"

/* In each process, before its threads: a touch that ends in a signal does no harm. */
void window_catch_signals(void);

/* As other ops; @address is any. */
void window_run(struct op *op, uint64_t address);

#endif
