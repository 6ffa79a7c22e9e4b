/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows, and what the caller does with its memory that is one: the functions of
 * struct op.
 */
#ifndef FUZZ_WINDOW_CALLS_H
#define FUZZ_WINDOW_CALLS_H

#include "run.h"

/* Any mmap(2), and one that is likely to come to something. */
long call_mmap(struct run *run, const uint64_t *args);
long call_window(struct run *run, const uint64_t *args);

/* One access: -EFAULT where it ends in a signal. */
long call_load(struct run *run, const uint64_t *args);
long call_store(struct run *run, const uint64_t *args);

long call_unmap(struct run *run, const uint64_t *args);
long call_move(struct run *run, const uint64_t *args);
long call_protect_window(struct run *run, const uint64_t *args);
long call_advise(struct run *run, const uint64_t *args);

/* After a program: none is left. */
void windows_unmap(void);

#endif
