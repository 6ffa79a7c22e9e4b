/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches, what is read of them, and the accesses that they are for: the functions of
 * struct op.
 */
#ifndef FUZZ_WATCH_CALLS_H
#define FUZZ_WATCH_CALLS_H

#include "run.h"

long call_watch(struct run *run, const uint64_t *args);

/* Of its descriptor: read(2), which never waits, poll(2), fcntl(2) and close(2). */
long call_hits(struct run *run, const uint64_t *args);
long call_poll(struct run *run, const uint64_t *args);
long call_status(struct run *run, const uint64_t *args);
long call_close_watch(struct run *run, const uint64_t *args);

/* By the child, or by the caller itself. */
long call_access(struct run *run, const uint64_t *args);

/* After a program: none is left. */
void watches_close(struct run *run);

#endif
