/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same call for ever, for tests/bench/profile to look at.
 */
#ifndef REPEAT_H
#define REPEAT_H

#include <stdbool.h>

#include "area.h"

/*
 * @verb: read or write, @amount then being bytes; or readv or writev, and
 *	@amount segments of 8 bytes, each on its own page.  By the driver's way and
 *	by process_vm_readv(2) or _writev(2), by turns.
 *
 * Returns, with false, only if there is no such thing to do.
 */
bool repeat(const char *verb, const char *amount, enum pages pages);

#endif
