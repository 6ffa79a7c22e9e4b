// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows with each fault injected: mapped, touched, refreshed and unmapped.  They
 * are touched by madvise(2), for which the kernel does what it does for a load or a
 * store: a signal that ends one has allocations and copies of its own.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/sweep.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/window.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif

#define RW	(PROT_READ | PROT_WRITE)
#define PAGES	40
#define LENGTH	(PAGES * PAGE)

static uint8_t *window;

static void end_window(void)
{
	if (window)
		assert_int_equal(munmap(window, LENGTH), 0);
	window = NULL;
	assert_int_equal(window_pinned(), 0);
}

static void begin_window(uint64_t address)
{
	end_window();
	window = window_map(sweep_session(), address, LENGTH, RW);
}

static void prepare_window(void)
{
	begin_window(sweep_private());
}

/* As it would be had nothing failed. */
static void assert_window_works(void)
{
	assert_true(pattern_matches(window, LENGTH, 0, 1));
	assert_int_equal(window_pinned(), LENGTH);
	end_window();
}

static int64_t call_mmap(void)
{
	void *at = mmap(NULL, LENGTH, RW, MAP_SHARED, sweep_session(), (off_t)sweep_private());

	window = at == MAP_FAILED ? NULL : at;
	return window ? 0 : -errno;
}

static void check_mmap(int64_t result, enum fault fault)
{
	(void)fault;
	if (!result)
		assert_window_works();
	else
		assert_int_equal(window_pinned(), 0);
}

static int64_t advise(int advice)
{
	return madvise(window, LENGTH, advice) < 0 ? -errno : 0;
}

static int64_t call_populate_read(void)
{
	return advise(MADV_POPULATE_READ);
}

static int64_t call_populate_write(void)
{
	return advise(MADV_POPULATE_WRITE);
}

static void check_populate(int64_t result, enum fault fault)
{
	(void)fault;
	if (!result)
		assert_int_equal(window_pinned(), LENGTH);
	assert_window_works();
}

static void prepare_untouched(void)
{
	end_window();
	sweep_map_untouched();
	begin_window(sweep_untouched());
}

static void check_untouched(int64_t result, enum fault fault)
{
	(void)result;
	(void)fault;
	memory_poke(sweep_target(), sweep_untouched() + 8, 4711);
	assert_int_equal(window_peek(window + 8), 4711);
	end_window();
}

/* Of whose pages the target has replaced one. */
static void prepare_stale(void)
{
	uint64_t page = sweep_private() + 7 * PAGE;

	prepare_window();
	assert_true(pattern_matches(window, LENGTH, 0, 1));
	memory_advise(sweep_target(), page, PAGE, MADV_DONTNEED);
}

static uint64_t stale;

static int64_t call_sync(void)
{
	return window_sync(sweep_session(), window, LENGTH, 0, &stale);
}

static void check_sync(int64_t result, enum fault fault)
{
	(void)fault;
	if (result >= 0) {
		assert_int_equal(result, 1);
		assert_int_equal(stale, 1 << 7);
	}
	/* Found by this one, if not by that. */
	window_sync(sweep_session(), window, LENGTH, 0, NULL);
	assert_int_equal(window_peek(window + 7 * PAGE), 0);
	end_window();
	memory_fill(sweep_target(), sweep_private(), LENGTH, 1);
}

static int64_t call_munmap(void)
{
	return munmap(window, LENGTH) < 0 ? -errno : 0;
}

static void prepare_touched(void)
{
	prepare_window();
	assert_true(pattern_matches(window, LENGTH, 0, 1));
}

static void check_munmap(int64_t result, enum fault fault)
{
	(void)fault;
	if (!result)
		window = NULL;
	end_window();
}

#define CALL(_name, _prepare, _call, _check, ...) \
	{ .name = _name, .prepare = _prepare, .call = _call, .check = _check, __VA_ARGS__ }

/*
 * What a touch ends with is SIGBUS, whatever was the reason, or EFAULT of madvise().
 * Of pages that are there none need fail: what the window keeps them in asks for
 * memory twice.
 */
static const struct sweep calls[] = {
	CALL("mmap", end_window, call_mmap, check_mmap, .fails_by = FAILS_BY(FAULT_SLAB)),
	CALL("reading", prepare_window, call_populate_read, check_populate,
	     .fails_anyway = -EFAULT),
	CALL("writing", prepare_window, call_populate_write, check_populate,
	     .fails_anyway = -EFAULT),
	CALL("reading_untouched_memory", prepare_untouched, call_populate_read, check_untouched,
	     .fails_by = FAILS_BY(FAULT_PAGE), .fails_anyway = -EFAULT),
	CALL("writing_untouched_memory", prepare_untouched, call_populate_write, check_untouched,
	     .fails_by = FAILS_BY(FAULT_PAGE), .fails_anyway = -EFAULT),
	CALL("sync", prepare_stale, call_sync, check_sync, .fails_by = FAILS_BY(FAULT_COPY)),
	CALL("munmap", prepare_touched, call_munmap, check_munmap),
};

int main(void)
{
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		sweep_add(&list, &calls[i]);
	return sweep_run(&list);
}
