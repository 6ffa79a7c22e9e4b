// SPDX-License-Identifier: GPL-2.0-only
#include "lib/clock.h"

#include <time.h>

uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

void clock_sleep(uint64_t nanoseconds)
{
	struct timespec time = {
		.tv_sec = nanoseconds / SECOND,
		.tv_nsec = nanoseconds % SECOND,
	};

	nanosleep(&time, NULL);
}
