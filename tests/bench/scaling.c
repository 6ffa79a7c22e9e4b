// SPDX-License-Identifier: GPL-2.0-only
#include "scaling.h"

#include <err.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define THREADS		2
#define RUNS		30
#define RUN_TIME	20e6

/* memcpy() says what two processors are on this machine. */
static const enum way_id scaling_ways[] = { WAY_FILE, WAY_PROCESS_VM, WAY_MEMCPY };
static const size_t lengths[] = { 8, 1UL << 20 };

#define WAYS_SCALED	ARRAY_SIZE(scaling_ways)

_Static_assert(WAYS_SCALED * ARRAY_SIZE(lengths) == SCALINGS, "SCALINGS");

/* struct worker - a thread, and from when to when it was at work */
struct worker {
	pthread_t thread;
	unsigned int processor;
	pthread_barrier_t *begin;
	const struct way *way;
	struct work work;
	unsigned int calls;
	double start, end;
};

static void *be_worker(void *arg)
{
	struct worker *worker = arg;
	cpu_set_t processors;

	CPU_ZERO(&processors);
	CPU_SET(worker->processor, &processors);
	if (pthread_setaffinity_np(pthread_self(), sizeof(processors), &processors))
		errx(1, "there are no %d processors", THREADS);
	pthread_barrier_wait(worker->begin);
	worker->start = clock_now();
	for (unsigned int i = 0; i < worker->calls; i++) {
		if (!worker->way->run(&worker->work))
			err(1, "%s", worker->way->names[READ]);
	}
	worker->end = clock_now();
	return NULL;
}

/* Calls a second, from when the first begins until the last is through. */
static double throughput(struct worker *workers, unsigned int count)
{
	double start = INFINITY, end = 0;
	pthread_barrier_t begin;

	pthread_barrier_init(&begin, NULL, count);
	for (unsigned int i = 0; i < count; i++) {
		workers[i].begin = &begin;
		if (pthread_create(&workers[i].thread, NULL, be_worker, &workers[i]))
			errx(1, "no thread");
	}
	for (unsigned int i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		start = fmin(start, workers[i].start);
		end = fmax(end, workers[i].end);
	}
	pthread_barrier_destroy(&begin);
	return count * workers->calls / (end - start) * 1e9;
}

static void prepare(struct scaling *scaling, struct worker *workers, const struct pace *pace,
		    const struct area *parts, uint8_t *buffer)
{
	const struct way *way = &ways[scaling->way];
	double cost;

	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .processor = i, .way = way };
		workers[i].work = work_transfer(READ, &parts[i], buffer + i * parts[0].length,
						scaling->length);
	}
	cost = clock_measure(pace, way, &workers[0].work);
	for (unsigned int i = 0; i < THREADS; i++)
		workers[i].calls = 1 + RUN_TIME / cost;
}

/* By turns: what else the machine does falls on all; the best of each counts. */
static void measure(struct scaling *scalings, const struct pace *pace, const struct area *parts,
		    uint8_t *buffer)
{
	struct worker workers[WAYS_SCALED][THREADS];

	for (size_t i = 0; i < WAYS_SCALED; i++)
		prepare(&scalings[i], workers[i], pace, parts, buffer);
	for (int run = 0; run < RUNS; run++) {
		for (size_t i = 0; i < WAYS_SCALED; i++) {
			struct scaling *scaling = &scalings[i];

			scaling->one = fmax(scaling->one, throughput(workers[i], 1));
			scaling->two = fmax(scaling->two, throughput(workers[i], THREADS));
		}
	}
}

void scaling_measure(struct scaling *scalings, const struct pace *pace, const struct area *area,
		     uint8_t *buffer)
{
	struct area parts[THREADS];

	for (size_t i = 0; i < THREADS; i++)
		parts[i] = (struct area){ area->pages, area->length / THREADS,
					  area->start + i * area->length / THREADS };
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++, scalings += WAYS_SCALED) {
		for (size_t j = 0; j < WAYS_SCALED; j++)
			scalings[j] = (struct scaling){ scaling_ways[j], lengths[i], 0, 0 };
		measure(scalings, pace, parts, buffer);
	}
}

double scaling_ratio(const struct scaling *scaling)
{
	return scaling->two / scaling->one;
}
