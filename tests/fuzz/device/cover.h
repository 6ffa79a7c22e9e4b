/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coverage of the module, by KCOV: which places programs have reached, and by
 * which ways.
 */
#ifndef FUZZ_COVER_H
#define FUZZ_COVER_H

#include <stdbool.h>
#include <stddef.h>

/* False where the kernel has no KCOV. */
bool cover_open(void);

/* For this process, from here on to its end. */
void cover_enable(void);

void cover_begin(void);

/* What was reached since: how many ways from place to place are new. */
size_t cover_collect(void);

/* Since the beginning: places in the module, those outside, and ways. */
size_t cover_places(void);
size_t cover_foreign(void);
size_t cover_ways(void);

#endif
