/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens around the device: the functions of struct op.  None of them in
 * the second process of a fork, whose children are not its own.
 */
#ifndef FUZZ_WORLD_CALLS_H
#define FUZZ_WORLD_CALLS_H

#include "run.h"

long call_protect(struct run *run, const uint64_t *args);
long call_change(struct run *run, const uint64_t *args);
long call_kill(struct run *run, const uint64_t *args);
long call_become(struct run *run, const uint64_t *args);
long call_fork(struct run *run, const uint64_t *args);

#endif
