// SPDX-License-Identifier: GPL-2.0-only
#include "watch.h"

#include <err.h>
#include <math.h>
#include <unistd.h>

#include "gdb.h"
#include "hits.h"
#include "perf.h"
#include "stores.h"

#define ROUNDS		8
#define FREE		1.02	/* as much as figures may differ that are the same */

/* Stores that nobody has to be told of, hits, and those that somebody stops at. */
#define MANY		200000
#define SOME		1000
#define MORE		10000
#define FEW		200
#define WAKES		200

/* Of a longer run. */
#define FOR_LONG	50000
#define FEW_FOR_LONG	2000
#define FIRST_GAP	1000
#define GAPS		24

static pid_t target;

static struct memrw_set_watch watch_of(uint64_t address)
{
	return (struct memrw_set_watch){
		.size = sizeof(struct memrw_set_watch),
		.address = address,
		.length = sizeof(uint64_t),
		.type = MEMRW_WATCH_TYPE_WRITE,
		.hit_size = sizeof(struct memrw_watch_hit),
	};
}

static struct memrw_set_watch watch_of_word(void)
{
	return watch_of(stores_address());
}

/* The least: no timer and no other process came between. */
static double least(const struct burst *burst)
{
	double elapsed = INFINITY;

	for (int i = 0; i < ROUNDS; i++)
		elapsed = fmin(elapsed, stores_run(burst));
	return elapsed;
}

/*
 * Nobody reads.  What is in the ring in the end are the hits.
 */

/* @first: hits that are had before: the ring's places, or an instruction's first. */
static void measure_unread(struct watch_row *row, struct memrw_set_watch set,
			   const struct burst *burst, unsigned long first)
{
	const struct burst before = { first, burst->step, 0 };
	int watch = hits_open(target, &set);

	stores_run(&before);
	row->stores = burst->stores;
	row->cost = least(burst) / burst->stores;
	row->hits = hits_read_all(watch) - first;
	close(watch);
}

static void measure_quiet(struct watch_table *table)
{
	const struct burst many = { MANY, 1, 0 }, some = { SOME, 1, 0 }, same = { SOME, 0, 0 };
	struct memrw_set_watch set = watch_of_word();
	struct watch_row *rows = table->rows;

	rows[NOBODY] = (struct watch_row){ .stores = MANY, .cost = least(&many) / MANY };
	measure_unread(&rows[OTHER_WORD], watch_of(stores_address_of_other()), &many, 0);
	set.flags = MEMRW_WATCH_CHANGED;
	measure_unread(&rows[CHANGED], set, &same, 0);
	set.flags = MEMRW_WATCH_ONCE_PER_IP;
	measure_unread(&rows[ONCE_PER_IP], set, &some, 1);
	set.flags = 0;
	set.every = UINT32_MAX;
	measure_unread(&rows[EVERY], set, &some, 0);
	set.every = 0;
	set.capacity = 2;
	measure_unread(&rows[FULL], set, &some, set.capacity);
}

/* Also, from the same hits: what it takes to read one. */
static void measure_kept(struct watch_table *table)
{
	const struct burst some = { SOME, 1, 0 };
	struct watch_row *row = &table->rows[KEPT];
	struct memrw_set_watch set = watch_of_word();
	int watch = hits_open(target, &set);

	row->stores = SOME;
	row->cost = table->read = INFINITY;
	for (int i = 0; i < ROUNDS; i++) {
		double start;

		row->cost = fmin(row->cost, stores_run(&some) / SOME);
		start = clock_now();
		row->hits = hits_read_all(watch);
		table->read = fmin(table->read, (clock_now() - start) / row->hits);
	}
	close(watch);
}

/* From one who sleeps until it does again. */
static double wake(void)
{
	const struct burst nothing = { 0, 0, 0 };
	double cost = INFINITY;

	for (int i = 0; i < ROUNDS; i++) {
		double start = clock_now();

		for (int j = 0; j < WAKES; j++)
			stores_run(&nothing);
		cost = fmin(cost, (clock_now() - start) / WAKES);
	}
	return cost;
}

static void measure_wake(struct watch_table *table)
{
	struct memrw_set_watch set = watch_of(stores_address_of_other());
	int watch;

	table->wake = wake();
	watch = hits_open(target, &set);
	table->wake_watched = wake();
	close(watch);
}

/*
 * Somebody is told.  Each returns how many hits it was told of.
 */

static unsigned long run_memrw(const struct burst *burst, enum hits_pace pace, double *elapsed)
{
	struct memrw_set_watch set = watch_of_word();
	int watch = hits_open(target, &set);
	unsigned long hits = hits_read_meanwhile(watch, pace, burst, elapsed);

	close(watch);
	return hits;
}

static unsigned long run_at_once(const struct burst *burst, double *elapsed)
{
	return run_memrw(burst, HITS_AT_ONCE, elapsed);
}

static unsigned long run_by_time(const struct burst *burst, double *elapsed)
{
	return run_memrw(burst, HITS_BY_TIME, elapsed);
}

static unsigned long run_gdb(const struct burst *burst, double *elapsed)
{
	return gdb_watch(target, burst, elapsed);
}

static unsigned long run_perf(const struct burst *burst, double *elapsed)
{
	return perf_watch(target, false, burst, elapsed);
}

static unsigned long run_perf_all(const struct burst *burst, double *elapsed)
{
	return perf_watch(target, true, burst, elapsed);
}

static bool is_always_there(void)
{
	return true;
}

/*
 * struct teller
 * @stores: and, of a longer run, @stores_for_long: what somebody waits for
 * @rounds: of which the least counts
 */
static const struct teller {
	enum watcher watcher;
	bool (*is_there)(void);
	unsigned long (*run)(const struct burst *burst, double *elapsed);
	unsigned long stores, stores_for_long;
	int rounds;
} tellers[] = {
	{ READ_AT_ONCE, is_always_there, run_at_once, SOME, FOR_LONG, ROUNDS },
	{ READ_BY_TIME, is_always_there, run_by_time, MORE, FOR_LONG, ROUNDS },
	{ GDB, gdb_is_there, run_gdb, FEW, FEW_FOR_LONG, 1 },
	{ PERF, perf_is_there, run_perf, MORE, FOR_LONG, 2 },
	{ PERF_ALL, perf_is_there, run_perf_all, MORE, 0, 2 },
};

#define TELLERS		(sizeof(tellers) / sizeof(tellers[0]))

static void measure_told(struct watch_row *row, const struct teller *teller)
{
	const struct burst burst = { teller->stores, 1, 0 };
	double elapsed, smallest = INFINITY;

	row->stores = burst.stores;
	for (int i = 0; i < teller->rounds; i++) {
		row->hits = teller->run(&burst, &elapsed);
		smallest = fmin(smallest, elapsed);
	}
	row->cost = smallest / burst.stores;
}

/*
 * For longer
 */

/* Slower and slower, until none is lost; perf may tell of one twice. */
static double find_free_rate(const struct teller *teller)
{
	struct burst burst = { teller->stores_for_long, 1, FIRST_GAP };
	double elapsed;

	for (int i = 0; i < GAPS; i++) {
		if (teller->run(&burst, &elapsed) >= burst.stores)
			return burst.stores / elapsed * 1e9;
		burst.gap += burst.gap / 4;
	}
	return 0;
}

static void measure_rate(struct watch_rate *rate, const struct teller *teller, const char *who)
{
	const struct burst burst = { teller->stores_for_long, 1, 0 };
	double elapsed;

	rate->who = who;
	rate->stores = burst.stores;
	rate->hits = teller->run(&burst, &elapsed);
	rate->per_second = rate->hits / elapsed * 1e9;
	rate->free_per_second = rate->hits >= rate->stores ? rate->per_second :
							     find_free_rate(teller);
}

static void measure_rates(struct watch_table *table)
{
	struct watch_rate *rate = table->rates;

	for (size_t i = 0; i < TELLERS; i++) {
		const struct teller *teller = &tellers[i];

		if (teller->stores_for_long && teller->is_there())
			measure_rate(rate++, teller, table->rows[teller->watcher].who);
	}
}

static void name_rows(struct watch_row *rows)
{
	rows[NOBODY].who = "nobody";
	rows[OTHER_WORD].who = "memrw, another word";
	rows[CHANGED].who = "memrw, kept back: changed";
	rows[EVERY].who = "memrw, kept back: every";
	rows[ONCE_PER_IP].who = "memrw, kept back: once per ip";
	rows[FULL].who = "memrw, dropped: ring full";
	rows[KEPT].who = "memrw, not read yet";
	rows[READ_AT_ONCE].who = "memrw, read at once";
	rows[READ_BY_TIME].who = "memrw, read each millisecond";
	rows[GDB].who = "gdb, silent, continue";
	rows[PERF].who = "perf record";
	rows[PERF_ALL].who = "perf record -g --user-regs";
}

void watch_measure(struct watch_table *table, const struct pace *pace)
{
	*table = (struct watch_table){ };
	if (!hits_are_there())
		return;
	target = stores_start();
	measure_quiet(table);
	measure_kept(table);
	measure_wake(table);
	for (size_t i = 0; i < TELLERS; i++) {
		if (tellers[i].is_there())
			measure_told(&table->rows[tellers[i].watcher], &tellers[i]);
	}
	name_rows(table->rows);
	if (!pace->repeats)
		measure_rates(table);
	stores_end();
}

double watch_ratio(const struct watch_table *table, enum watcher watcher)
{
	return table->rows[watcher].cost / table->rows[READ_BY_TIME].cost;
}

bool watch_is_free(const struct watch_table *table)
{
	return table->rows[OTHER_WORD].cost <= FREE * table->rows[NOBODY].cost;
}
