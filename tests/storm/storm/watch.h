/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches on targets: each is kept while its thread does other things, and its target
 * goes on, or ends; its hits are looked at now and then, and it is closed at any time.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdint.h>

#include "storm/op.h"

/* As other ops: one is set, looked at, or closed.  @address is any. */
void watch_run(struct op *op, uint64_t address);

/* Those of this thread. */
void watch_close_all(struct actor *actor);

#endif
