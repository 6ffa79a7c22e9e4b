// SPDX-License-Identifier: GPL-2.0-only
#include "clock.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLOCKSOURCE	"/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define CALLS_MAX	2000

/* A batch is shorter than the 4 ms between two interrupts of the timer. */
const struct pace pace_instructions = {
	.unit = "instructions",
	.batch = 1e6,
	.batches = 8,
	.batches_min = 2,
	.rounds = 8,
	.tolerance = 0.002,
	.repeats = true,
};

const struct pace pace_time = {
	.unit = "nanoseconds",
	.batch = 2e6,
	.batches = 20,
	.batches_min = 3,
	.rounds = 5,
	.tolerance = 0.05,
	.repeats = false,
};

double clock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static bool has_tsc(void)
{
	FILE *file = fopen(CLOCKSOURCE, "re");
	char name[32] = "";

	if (!file)
		return false;
	if (!fgets(name, sizeof(name), file))
		name[0] = '\0';
	fclose(file);
	return !strcmp(name, "tsc\n");
}

void clock_wait(void)
{
	for (int i = 0; i < 300; i++) {
		if (has_tsc())
			return;
		usleep(100000);
	}
	errx(1, "the kernel does not take the tsc for its clock");
}

static double one_batch(const struct way *way, const struct work *work, unsigned int calls)
{
	double start = clock_now();

	for (unsigned int i = 0; i < calls; i++) {
		if (!way->run(work))
			err(1, "%s", way->names[work->direction]);
	}
	return (clock_now() - start) / calls;
}

static unsigned int at_most(double number, unsigned int most)
{
	return number < most ? number : most;
}

/* The least of some batches: no timer and no other process came between. */
static double least(const struct pace *pace, const struct way *way, const struct work *work)
{
	double cost = one_batch(way, work, 1);
	unsigned int calls = at_most(1 + pace->batch / cost, CALLS_MAX);
	unsigned int batches = at_most(pace->batches_min + pace->batches * pace->batch / cost,
				       pace->batches);

	for (unsigned int i = 0; i < batches; i++) {
		double batch = one_batch(way, work, calls);

		if (batch < cost)
			cost = batch;
	}
	return cost;
}

double clock_measure(const struct pace *pace, const struct way *way, const struct work *work)
{
	double cost;

	if (way->begin)
		way->begin();
	cost = least(pace, way, work);
	if (way->end)
		way->end();
	return cost;
}
