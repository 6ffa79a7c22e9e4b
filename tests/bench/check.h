/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way that is fast at something else is of no use.
 */
#ifndef CHECK_H
#define CHECK_H

#include "way.h"

/*
 * Ends the program unless the way moves all bytes to where they belong: reads
 * what area_fill() put there, or writes something new.
 */
void check_way(const struct way *way, const struct work *work);

#endif
