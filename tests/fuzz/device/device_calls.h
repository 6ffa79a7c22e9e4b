/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of the device, each with what memrw.h promises of it.
 */
#ifndef FUZZ_DEVICE_CALLS_H
#define FUZZ_DEVICE_CALLS_H

#include "run.h"

/* The functions of struct op. */
long call_info(struct run *run, const uint64_t *args);
long call_set_target(struct run *run, const uint64_t *args);
long call_get_target(struct run *run, const uint64_t *args);
long call_read_memory(struct run *run, const uint64_t *args);
long call_write_memory(struct run *run, const uint64_t *args);
long call_read_batch(struct run *run, const uint64_t *args);
long call_write_batch(struct run *run, const uint64_t *args);
long call_atomic(struct run *run, const uint64_t *args);
long call_query_region(struct run *run, const uint64_t *args);
long call_sync_window(struct run *run, const uint64_t *args);
long call_raw(struct run *run, const uint64_t *args);

#endif
