// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches with each fault injected: set on a target with several threads, read, read to
 * the end, told of by a signal, and closed.  Whatever came of it, each thread has all its
 * debug registers for the next ones.
 */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/sweep.h"
#include "lib/test.h"
#include "lib/watch.h"

#define SLOTS	4
#define THREADS	5
#define HITS	3

static int watch = -1;
static struct memrw_watch_hit hits[HITS];

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static long start_threads(void *unused)
{
	pthread_t thread;

	(void)unused;
	for (int i = 0; i < THREADS; i++) {
		if (pthread_create(&thread, NULL, idle, NULL))
			return -1;
	}
	return 0;
}

static void end_watch(void)
{
	if (watch >= 0)
		assert_int_equal(close(watch), 0);
	watch = -1;
}

/* Each sweep has a target of its own. */
static void prepare_threads(void)
{
	static pid_t with_threads;

	end_watch();
	if (with_threads == sweep_pid())
		return;
	assert_int_equal(worker_call(sweep_target(), start_threads, NULL, 0), 0);
	with_threads = sweep_pid();
}

static void begin_watch(uint64_t limit)
{
	struct memrw_set_watch set = watch_stores(sweep_private());

	prepare_threads();
	set.limit = limit;
	watch = watch_open(sweep_session(), set);
	assert_return_code(fcntl(watch, F_SETFL, O_NONBLOCK), errno);
}

static void assert_all_registers_are_free(void)
{
	struct memrw_set_watch set = watch_stores(sweep_private());
	int watches[SLOTS];

	for (int i = 0; i < SLOTS; i++, set.address += WORD)
		watches[i] = watch_open(sweep_session(), set);
	assert_int_equal(watch_try(sweep_session(), set), -ENOSPC);
	for (int i = 0; i < SLOTS; i++)
		close(watches[i]);
}

/*
 * Set
 */

static int64_t set_watch(uint32_t capacity)
{
	struct memrw_set_watch set = watch_stores(sweep_private());

	set.capacity = capacity;
	watch = watch_try(sweep_session(), set);
	return watch;
}

/* A ring of a few hits is an object, and that of as many as usual is pages. */
static int64_t call_watch(void)
{
	return set_watch(2);
}

static int64_t call_watch_with_usual_ring(void)
{
	return set_watch(0);
}

static void check_watch(int64_t result, enum fault fault)
{
	(void)fault;
	if (result >= 0) {
		target_stores(sweep_target(), sweep_private(), 4711);
		watch_read_all(watch, hits, 1);
		assert_int_equal(hits[0].value, 4711);
	}
	end_watch();
	assert_all_registers_are_free();
}

/*
 * Read
 */

static void prepare_hits(void)
{
	begin_watch(0);
	target_stores_on(sweep_target(), sweep_private(), 1, HITS);
}

/* Records, which are in @to. */
static int64_t read_hits(struct memrw_watch_hit *to, size_t count)
{
	ssize_t got = read(watch, to, count * sizeof(*to));

	return got < 0 ? -errno : got / (ssize_t)sizeof(*to);
}

static int64_t call_read(void)
{
	return read_hits(hits, HITS);
}

/* What was not read is read by the next one. */
static void check_read(int64_t result, enum fault fault)
{
	int64_t got = result < 0 ? 0 : result;

	if (fault != FAULT_COPY)
		assert_int_equal(got, HITS);
	if (got < HITS)
		assert_int_equal(read_hits(hits + got, HITS - got), HITS - got);
	for (int i = 0; i < HITS; i++) {
		assert_int_equal(hits[i].kind, MEMRW_HIT_ACCESS);
		assert_int_equal(hits[i].value, i + 1);
		assert_int_equal(hits[i].lost, 0);
	}
	assert_int_equal(read_hits(hits, 1), -EAGAIN);
	end_watch();
}

/* One that is over, and of which only the end is left to be read. */
static void prepare_end(void)
{
	begin_watch(1);
	target_stores(sweep_target(), sweep_private(), 1);
	assert_int_equal(watch_read(watch, hits, 1), 1);
	assert_true(watch_has_hit(watch, 10000 * patience()));
}

static int64_t call_read_end(void)
{
	return read_hits(hits, 1);
}

static void check_read_end(int64_t result, enum fault fault)
{
	(void)fault;
	if (result < 0)
		assert_int_equal(read_hits(hits, 1), 1);
	assert_int_equal(hits[0].kind, MEMRW_HIT_END);
	assert_int_equal(hits[0].value, MEMRW_WATCH_END_LIMIT);
	assert_int_equal(read_hits(hits, 1), 0);
	end_watch();
	assert_all_registers_are_free();
}

/*
 * Told of by a signal, and closed
 */

static void prepare_watch(void)
{
	begin_watch(0);
}

static int64_t call_async(void)
{
	return fcntl(watch, F_SETFL, O_NONBLOCK | O_ASYNC) < 0 ? -errno : 0;
}

static void check_async(int64_t result, enum fault fault)
{
	(void)fault;
	assert_int_equal(!!(fcntl(watch, F_GETFL) & O_ASYNC), !result);
	end_watch();
}

static int64_t call_close(void)
{
	return close(watch) < 0 ? -errno : 0;
}

/* It always closes. */
static void check_close(int64_t result, enum fault fault)
{
	(void)fault;
	assert_int_equal(result, 0);
	watch = -1;
	assert_all_registers_are_free();
}

#define CALL(_name, _prepare, _call, _check, ...) \
	{ .name = _name, .prepare = _prepare, .call = _call, .check = _check, __VA_ARGS__ }

/*
 * How many objects the record of the end takes is not the same each time, so the copy
 * behind them may not be met.
 */
static const struct sweep calls[] = {
	CALL("watch", prepare_threads, call_watch, check_watch,
	     .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY)),
	CALL("watch_with_the_usual_ring", prepare_threads, call_watch_with_usual_ring, check_watch,
	     .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY)),
	CALL("reading_hits", prepare_hits, call_read, check_read,
	     .fails_by = FAILS_BY(FAULT_COPY)),
	CALL("reading_the_end", prepare_end, call_read_end, check_read_end,
	     .fails_by = FAILS_BY(FAULT_SLAB)),
	CALL("asking_for_signals", prepare_watch, call_async, check_async,
	     .fails_by = FAILS_BY(FAULT_SLAB)),
	CALL("closing_a_watch", prepare_watch, call_close, check_close),
};

int main(void)
{
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		sweep_add(&list, &calls[i]);
	return sweep_run(&list);
}
