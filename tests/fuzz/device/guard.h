/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The caller's memory: what a call may change of it, and that it changes
 * nothing else.
 */
#ifndef FUZZ_GUARD_H
#define FUZZ_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before a call: nothing may change yet. */
void guard_begin(void);

void guard_allow(uint64_t start, uint64_t length);

/* Of this call nothing can be said. */
void guard_allow_all(void);

/* Would any of it be changed by what is allowed? */
bool guard_allows(uint64_t start, uint64_t length);

/* Remember that page anew: it was changed on purpose. */
void guard_placed(uintptr_t page);

/* After the call: the first address that was changed and may not be, or 0. */
uintptr_t guard_end(void);

/* A page of the buffer that cannot be looked at, until the next program. */
void guard_hide_page(unsigned int page);

/* Before a program: fill the caller's zones. */
void guard_fill(void);

#endif
