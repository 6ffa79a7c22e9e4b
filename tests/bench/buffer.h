/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of this process, in base pages, all of them there.
 */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>
#include <stdint.h>

uint8_t *buffer_new(size_t length);

/* The same @period bytes over and over, for a length that need not fit in memory. */
uint8_t *buffer_new_repeating(size_t length, size_t period);

#endif
