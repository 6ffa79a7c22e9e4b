/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device as a file: the functions of struct op.
 */
#ifndef FUZZ_FILE_CALLS_H
#define FUZZ_FILE_CALLS_H

#include "batch_calls.h"
#include "run.h"

long call_open(struct run *run, const uint64_t *args);
long call_reopen(struct run *run, const uint64_t *args);
long call_close(struct run *run, const uint64_t *args);
long call_dup(struct run *run, const uint64_t *args);
long call_pread(struct run *run, const uint64_t *args);
long call_pwrite(struct run *run, const uint64_t *args);
long call_preadv(struct run *run, const uint64_t *args);
long call_pwritev(struct run *run, const uint64_t *args);
long call_lseek(struct run *run, const uint64_t *args);

#endif
