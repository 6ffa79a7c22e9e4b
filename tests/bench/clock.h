/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a call costs: instructions or nanoseconds.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include "way.h"

/*
 * struct pace - how long to look, in the clock's units, which are nanoseconds;
 *	where the clock counts instructions, one is a nanosecond
 * @unit: what it measures
 * @batch: calls are timed together until they take about that long
 * @batches: so many of them; fewer, but at least @batches_min, of calls that
 *	take longer than @batch
 * @rounds: at most so many are done until two agree
 * @tolerance: within which they do
 * @repeats: whether figures have to
 */
struct pace {
	const char *unit;
	double batch;
	unsigned int batches, batches_min;
	unsigned int rounds;
	double tolerance;
	bool repeats;
};

extern const struct pace pace_instructions, pace_time;

double clock_now(void);

/*
 * Until the kernel has the clock that counts instructions: figures from before
 * are wrong by a factor of two or more.
 */
void clock_wait(void);

/* Of one call. */
double clock_measure(const struct pace *pace, const struct way *way, const struct work *work);

#endif
