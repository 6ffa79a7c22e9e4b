/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel says meanwhile.  tests/vm/kernel-complaints reads the same in
 * the end, more strictly; here it is the program that is of interest.
 */
#ifndef FUZZ_KERNEL_LOG_H
#define FUZZ_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

void kernel_log_open(void);

/* True if it has complained since the last time: into @text, its first words. */
bool kernel_log_complains(char *text, size_t size);

#endif
