/* SPDX-License-Identifier: GPL-2.0-only */
/* A group of processes that may have so much memory, the kernel's for it included. */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/worker.h"

/* Makes it, empty; skips the test where the kernel has no such groups (cgroup v2). */
void cgroup_make(uint64_t limit);

/* The worker's memory counts from here on. */
void cgroup_enter(const struct worker *worker);

/* Bytes: all of it now, the most it was (where the kernel tells), the slab's. */
uint64_t cgroup_memory(void);
uint64_t cgroup_peak(void);
uint64_t cgroup_slab(void);

/* How often it ran into its limit, and how often one was killed for that. */
unsigned int cgroup_at_limit(void);
unsigned int cgroup_kills(void);

/* After the workers have ended. */
void cgroup_remove(void);

#endif
