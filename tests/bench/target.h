/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process whose memory is read and written.
 */
#ifndef TARGET_H
#define TARGET_H

#include <sys/types.h>

#include "area.h"

/* Sleeps, with the areas filled; dies with this process. */
pid_t target_start(const struct area *areas, size_t count);

#endif
