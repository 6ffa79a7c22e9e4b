/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The array of a batch: how it is filled, what a batch may change, and what it
 * may say.
 */
#ifndef FUZZ_BATCH_CALLS_H
#define FUZZ_BATCH_CALLS_H

#include <linux/memrw.h>
#include <stdbool.h>

#include "run.h"

/* Tells guard.h. */
void batch_allow(const struct memrw_batch *batch, bool write);

void batch_check_results(struct run *run, const struct memrw_batch *batch);

/* Of struct op: many segments at once, each a step from the last. */
long call_segments(struct run *run, const uint64_t *args);

#endif
