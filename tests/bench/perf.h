/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf-record(1) of an event that is a hardware watchpoint.
 */
#ifndef PERF_H
#define PERF_H

#include <stdbool.h>
#include <sys/types.h>

#include "stores.h"

/* Is it installed? */
bool perf_is_there(void);

/*
 * Records the target, which stores; returns how many hits there are in the file.
 * @all: with the thread's registers and callers, as memrw has them
 */
unsigned long perf_watch(pid_t target, bool all, const struct burst *burst, double *elapsed);

#endif
