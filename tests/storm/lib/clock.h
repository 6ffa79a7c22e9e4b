/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#define SECOND	1000000000ULL

/* Nanoseconds, monotonic, the same in all processes. */
uint64_t clock_now(void);

/* May return early where the process gets signals. */
void clock_sleep(uint64_t nanoseconds);

#endif
