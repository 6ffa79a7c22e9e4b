/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock that all waiting goes by.
 */
#ifndef CLI_CLOCK_H
#define CLI_CLOCK_H

#include <stdint.h>

/* In nanoseconds. */
#define MICROSECOND	1000LL
#define MILLISECOND	1000000LL
#define SECOND		1000000000LL

/** clock_now() - CLOCK_MONOTONIC, nanoseconds */
int64_t clock_now(void);

#endif /* CLI_CLOCK_H */
