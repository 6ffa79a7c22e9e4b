/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One access to memory that may not be there.
 */
#ifndef FUZZ_TOUCH_H
#define FUZZ_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

/* A load or a store: 0, or -EFAULT where it ends in a signal. */
long touch(volatile uint64_t *at, bool store);

#endif
