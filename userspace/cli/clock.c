// SPDX-License-Identifier: GPL-2.0-only

#include <time.h>

#include "clock.h"

int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}
