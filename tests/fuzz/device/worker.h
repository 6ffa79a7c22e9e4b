/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process that runs programs: one that may be its own target, and so come
 * to harm.
 */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

#include "run.h"

/* One for the next programs. */
void worker_start(void);
void worker_stop(void);

/* What is told is added to what was told before. */
const struct result *worker_run(const struct program *program);

#endif
