// SPDX-License-Identifier: GPL-2.0-only
/* Watches: what hits, what a hit tells, and which ones are wanted. */
#include "support/watchee.h"

#include <linux/audit.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__aarch64__)
#include <asm/perf_regs.h>
#endif

#define MANY	1000

static bool on_driver(void)
{
	return unit_via() == MEMRW_BACKEND_DRIVER;
}

static struct memrw_watch *open_stores(void)
{
	return watchee_open(MEMRW_WATCH_WRITE, NULL);
}

static struct memrw_watch *open_filter(const struct memrw_watch_filter *filter)
{
	return watchee_open(MEMRW_WATCH_WRITE, filter);
}

/*
 * What hits
 */

static void a_store_of_each_length_hits_once(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[3];
	size_t length;

	(void)state;
	skip_without_watches();
	for (length = 1; length <= sizeof(*watched); length *= 2) {
		watch = memrw_watch_open(watchee_target, (uintptr_t)watched, length,
					 MEMRW_WATCH_WRITE, NULL);
		assert_non_null(watch);
		assert_int_equal(watchee_do(STORE_BYTES, length), 0);
		assert_int_equal(watchee_do(STORE, 2), 0);
		watchee_expect(watch, hits, 3);
		watchee_expect_none(watch);
		memrw_watch_close(watch);
	}
}

static void a_store_of_more_or_less_than_is_watched_hits(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	watch = memrw_watch_open(watchee_target, (uintptr_t)watched + 2, 2, MEMRW_WATCH_WRITE,
				 NULL);
	assert_non_null(watch);
	assert_int_equal(watchee_do(STORE_BYTES, 2), 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE_BYTES, 4), 0);
	watchee_expect(watch, &hit, 1);
	memrw_watch_close(watch);

	watch = open_stores();
	assert_int_equal(watchee_do(STORE_BYTES, 1), 0);
	watchee_expect(watch, &hit, 1);
	memrw_watch_close(watch);
}

static void only_stores_to_what_is_watched_hit(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(LOAD, 5), 0);
	assert_int_equal(watchee_do(STORE_BESIDE, 0), 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	watchee_expect_none(watch);
	memrw_watch_close(watch);
}

static void loads_and_stores_hit(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[8];

	(void)state;
	skip_without_watches();
	watch = watchee_open(MEMRW_WATCH_READ_WRITE, NULL);
	assert_int_equal(watchee_do(LOAD, 5), 0);
	assert_int_equal(watchee_do(STORE, 3), 0);
	watchee_expect(watch, hits, 8);
	watchee_expect_none(watch);
	memrw_watch_close(watch);
}

static void an_instruction_hits_when_it_is_executed(void **state)
{
	const uintptr_t called = (uintptr_t)watchee_called;
	struct memrw_watch *watch;
	struct memrw_hit hits[4];
	int i;

	(void)state;
	skip_without_watches();
	watch = memrw_watch_open(watchee_target, called, 1, MEMRW_WATCH_EXECUTE, NULL);
	assert_non_null(watch);
	assert_int_equal(watchee_do(CALL, 4), 0);
	watchee_expect(watch, hits, 4);
	watchee_expect_none(watch);
	for (i = 0; i < 4; i++) {
		assert_int_equal(hits[i].ip, called);
		assert_true(hits[i].flags & MEMRW_HIT_NO_VALUE);
	}
	memrw_watch_close(watch);
}

static void another_process_does_not_hit(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(STORE_IN_PROCESS, 3), 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	watchee_expect_none(watch);
	memrw_watch_close(watch);
}

/*
 * What a hit tells
 */

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void a_hit_tells_who_when_and_where(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[10];
	int64_t time;
	int i;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	time = now();
	assert_int_equal(watchee_do(STORE, 10), 0);
	watchee_expect(watch, hits, 10);
	for (i = 0; i < 10; i++) {
		assert_int_equal(hits[i].tid, watchee_child.pid);
		assert_int_equal(hits[i].lost, 0);
		assert_false(hits[i].flags & MEMRW_HIT_KERNEL);
		assert_true(watchee_is_in(hits[i].ip, (uintptr_t)watchee_here));
		assert_true(hits[i].time >= time);
		time = hits[i].time;
	}
	assert_true(time <= now());
	memrw_watch_close(watch);
}

static void the_driver_tells_the_values(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[5];
	int i;

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	assert_int_equal(watchee_do(STORE_NUMBER, 4711), 0);
	watch = open_stores();
	assert_int_equal(watchee_do(STORE, 5), 0);
	watchee_expect(watch, hits, 5);
	for (i = 0; i < 5; i++) {
		assert_false(hits[i].flags & MEMRW_HIT_NO_VALUE);
		assert_int_equal(hits[i].before, i ? i : 4711);
		assert_int_equal(hits[i].value, i + 1);
	}
	memrw_watch_close(watch);
}

static void a_value_is_as_wide_as_what_is_watched(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	watch = memrw_watch_open(watchee_target, (uintptr_t)watched, 2, MEMRW_WATCH_WRITE, NULL);
	assert_non_null(watch);
	assert_int_equal(watchee_do(STORE_BYTES, 8), 0);
	watchee_expect(watch, &hit, 1);
	assert_int_equal(hit.before, 0);
	assert_int_equal(hit.value, 0x8888);
	memrw_watch_close(watch);
}

static void procfs_does_not_know_the_values(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	if (on_driver())
		skip();
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	assert_true(hit.flags & MEMRW_HIT_NO_VALUE);
	assert_int_equal(hit.before, 0);
	assert_int_equal(hit.value, 0);
	memrw_watch_close(watch);
}

static void the_registers_are_those_of_the_thread(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(STORE_KNOWN, 0), 0);
	watchee_expect(watch, &hit, 1);
#if defined(__x86_64__)
	assert_int_equal(hit.architecture, AUDIT_ARCH_X86_64);
	assert_int_equal(hit.nr_registers, PERF_REG_X86_64_MAX);
	assert_true(hit.registers[PERF_REG_X86_BX] == WATCHEE_KNOWN);
	assert_true(hit.registers[PERF_REG_X86_IP] == hit.ip);
	assert_int_equal(hit.registers[PERF_REG_X86_CS] & 3, 3);
	assert_int_equal(hit.registers[PERF_REG_X86_DS], 0);
#elif defined(__aarch64__)
	assert_int_equal(hit.architecture, AUDIT_ARCH_AARCH64);
	assert_int_equal(hit.nr_registers, PERF_REG_ARM64_PC + 1);
	assert_true(hit.registers[PERF_REG_ARM64_X9] == WATCHEE_KNOWN);
	assert_true(hit.registers[PERF_REG_ARM64_PC] == hit.ip);
#endif
	memrw_watch_close(watch);
}

static void the_callers_are_found_by_frame_pointers(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
#if !defined(__x86_64__) && !defined(__aarch64__)
	/* Elsewhere the kernel may follow other frames than the compiler makes. */
	skip();
#endif
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(CALL_OUTER, 1), 0);
	watchee_expect(watch, &hit, 1);
	assert_true(watchee_is_in(hit.ip, (uintptr_t)watchee_inner));
	assert_true(hit.nr_callers >= 1 && hit.nr_callers <= MEMRW_HIT_CALLERS);
	assert_true(watchee_is_in(hit.callers[0], (uintptr_t)watchee_outer));
	memrw_watch_close(watch);
}

/*
 * Which ones are wanted
 */

static void only_hits_of_some_instructions(void **state)
{
	const struct memrw_watch_filter there = {
		.ip_first = (uintptr_t)watchee_there,
		.ip_last = (uintptr_t)watchee_there + WATCHEE_CODE - 1,
	};
	struct memrw_watch *watch;
	struct memrw_hit hits[4];
	int i;

	(void)state;
	skip_without_watches();
	watch = open_filter(&there);
	assert_int_equal(watchee_do(STORE, 3), 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE_THERE, 4), 0);
	assert_int_equal(watchee_do(STORE, 3), 0);
	watchee_expect(watch, hits, 4);
	watchee_expect_none(watch);
	for (i = 0; i < 4; i++)
		assert_true(watchee_is_in(hits[i].ip, (uintptr_t)watchee_there));
	memrw_watch_close(watch);
}

static void both_ends_of_a_range_of_instructions_are_in_it(void **state)
{
	struct memrw_watch_filter filter = { 0 };
	struct memrw_watch *watch;
	struct memrw_hit hit;
	uint64_t ip;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	memrw_watch_close(watch);

	ip = hit.ip;
	filter.ip_first = filter.ip_last = ip;
	watch = open_filter(&filter);
	assert_int_equal(watchee_do(STORE_THERE, 1), 0);
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	assert_int_equal(hit.ip, ip);
	memrw_watch_close(watch);

	filter.ip_first = 0;
	filter.ip_last = ip - 1;
	watch = open_filter(&filter);
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect_none(watch);
	memrw_watch_close(watch);
}

static void only_the_first_hit_of_each_instruction(void **state)
{
	const struct memrw_watch_filter once = { .flags = MEMRW_WATCH_ONCE_PER_IP };
	struct memrw_watch *watch;
	struct memrw_hit hits[2];

	(void)state;
	skip_without_watches();
	watch = open_filter(&once);
	assert_int_equal(watchee_do(STORE, 5), 0);
	assert_int_equal(watchee_do(STORE_THERE, 5), 0);
	assert_int_equal(watchee_do(STORE, 5), 0);
	watchee_expect(watch, hits, 2);
	watchee_expect_none(watch);
	assert_true(watchee_is_in(hits[0].ip, (uintptr_t)watchee_here));
	assert_true(watchee_is_in(hits[1].ip, (uintptr_t)watchee_there));
	memrw_watch_close(watch);
}

static void only_each_third_hit(void **state)
{
	const struct memrw_watch_filter third = { .every = 3 };
	struct memrw_watch *watch;
	struct memrw_hit hits[3];

	(void)state;
	skip_without_watches();
	watch = open_filter(&third);
	assert_int_equal(watchee_do(STORE, 2), 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE, 8), 0);
	watchee_expect(watch, hits, 3);
	watchee_expect_none(watch);
	memrw_watch_close(watch);
}

static void it_ends_after_as_many_hits_as_were_wanted(void **state)
{
	const struct memrw_watch_filter limit = { .every = 2, .limit = 3 };
	struct memrw_watch *watch;
	struct memrw_hit hits[3];
	uint64_t lost = 4711;

	(void)state;
	skip_without_watches();
	watch = open_filter(&limit);
	assert_int_equal(watchee_do(STORE, 5), 0);
	watchee_expect(watch, hits, 2);
	assert_int_equal(memrw_watch_ending(watch, &lost), MEMRW_ENDING_NONE);
	assert_int_equal(lost, 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE, 10), 0);
	watchee_expect(watch, hits, 1);
	watchee_expect_end(watch, MEMRW_ENDING_LIMIT);
	assert_int_equal(memrw_watch_ending(watch, &lost), MEMRW_ENDING_LIMIT);
	assert_int_equal(lost, 0);
	memrw_watch_close(watch);
}

/* Stores of these, on the driver, and whether each passes. */
struct step {
	long value;
	bool passes;
};

static void check_steps(const struct memrw_watch_filter *filter, const struct step *steps,
			size_t count)
{
	struct memrw_watch *watch = open_filter(filter);
	struct memrw_hit hit;
	size_t i;

	for (i = 0; i < count; i++) {
		assert_int_equal(watchee_do(STORE_NUMBER, steps[i].value), 0);
		if (!steps[i].passes) {
			watchee_expect_none(watch);
			continue;
		}
		watchee_expect(watch, &hit, 1);
		assert_int_equal(hit.value, (uint64_t)steps[i].value);
		if (i > 0)
			assert_int_equal(hit.before, (uint64_t)steps[i - 1].value);
	}
	memrw_watch_close(watch);
}

static void only_values_that_are_others_than_before(void **state)
{
	static const struct memrw_watch_filter changed = { .flags = MEMRW_WATCH_CHANGED };
	static const struct step steps[] = {
		{ 0, false }, { 1, true }, { 1, false }, { 2, true }, { 0, true }, { 0, false },
	};

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	check_steps(&changed, steps, sizeof(steps) / sizeof(*steps));
}

static void only_one_value(void **state)
{
	static const struct memrw_watch_filter equal = {
		.test = MEMRW_WATCH_IF_EQUAL, .operand = 5,
	};
	static const struct step steps[] = {
		{ 4, false }, { 5, true }, { 5, true }, { 6, false }, { 5, true }, { -5, false },
	};

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	check_steps(&equal, steps, sizeof(steps) / sizeof(*steps));
}

static void only_values_that_cross_another(void **state)
{
	static const struct memrw_watch_filter cross = {
		.test = MEMRW_WATCH_IF_CROSS, .operand = 10,
	};
	static const struct step steps[] = {
		{ 9, false }, { 10, true }, { 11, false }, { 9, true }, { 3, false },
		{ -1, true }, { 20, false }, { 0, true },
	};

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	check_steps(&cross, steps, sizeof(steps) / sizeof(*steps));
}

static void only_signed_values_that_cross_another(void **state)
{
	static const struct memrw_watch_filter cross = {
		.flags = MEMRW_WATCH_SIGNED, .test = MEMRW_WATCH_IF_CROSS,
		.operand = (uint64_t)-10,
	};
	static const struct step steps[] = {
		{ 5, false }, { -10, false }, { -11, true }, { -12, false }, { 7, true },
		{ -20, true },
	};

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	check_steps(&cross, steps, sizeof(steps) / sizeof(*steps));
}

static void narrow_values_have_signs_too(void **state)
{
	static const struct memrw_watch_filter cross = {
		.flags = MEMRW_WATCH_SIGNED, .test = MEMRW_WATCH_IF_CROSS,
	};
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	watch = memrw_watch_open(watchee_target, (uintptr_t)watched, 1, MEMRW_WATCH_WRITE, &cross);
	assert_non_null(watch);
	assert_int_equal(watchee_do(STORE_NUMBER, 0x7f), 0);
	watchee_expect_none(watch);
	assert_int_equal(watchee_do(STORE_NUMBER, 0x80), 0);
	watchee_expect(watch, &hit, 1);
	assert_int_equal(hit.value, 0x80);
	memrw_watch_close(watch);
}

/*
 * More hits than there is room for
 */

/* What was read or dropped, until there is nothing more to read. */
static uint64_t count_hits(struct memrw_watch *watch, uint64_t *lost)
{
	struct memrw_hit hits[7];
	uint64_t count = 0;
	ssize_t got;

	while ((got = memrw_watch_read(watch, hits, 7, 0)) > 0) {
		for (; got > 0; got--, count++)
			*lost += hits[got - 1].lost;
	}
	return count;
}

/* On procfs a hit tells of its own processor's. */
static void stay_on_one_processor(void)
{
	cpu_set_t allowed, one;
	int cpu;

	assert_int_equal(sched_getaffinity(watchee_child.pid, sizeof(allowed), &allowed), 0);
	for (cpu = 0; !CPU_ISSET(cpu, &allowed); cpu++)
		;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(watchee_child.pid, sizeof(one), &one), 0);
}

static void a_hit_tells_how_many_were_dropped_before_it(void **state)
{
	const struct memrw_watch_filter few = { .capacity = 16 };
	struct memrw_watch *watch;
	uint64_t lost = 0, count;

	(void)state;
	skip_without_watches();
	stay_on_one_processor();
	watch = open_filter(&few);
	assert_int_equal(watchee_do(STORE, MANY), 0);
	count = count_hits(watch, &lost);
	assert_in_range(count, 16, MANY - 1);
	assert_int_equal(lost, 0);
	assert_int_equal(watchee_do(STORE, 1), 0);
	count += count_hits(watch, &lost);
	assert_int_equal(count + lost, MANY + 1);
	memrw_watch_close(watch);
}

/* Else procfs cannot tell the target's from those of processes that it starts. */
static bool has_events_of_threads_alone(void)
{
	struct utsname system;
	int major, minor;

	assert_int_equal(uname(&system), 0);
	assert_int_equal(sscanf(system.release, "%d.%d", &major, &minor), 2);
	return major > 5 || (major == 5 && minor >= 13);
}

static void the_ending_tells_how_many_were_dropped_at_last(void **state)
{
	const struct memrw_watch_filter few = { .capacity = 16 };
	struct memrw_watch *watch;
	uint64_t lost = 0, lost_at_last, count;

	(void)state;
	skip_without_watches();
	if (!on_driver() && !has_events_of_threads_alone())
		skip();
	stay_on_one_processor();
	watch = open_filter(&few);
	assert_int_equal(watchee_do(STORE, MANY), 0);
	count = count_hits(watch, &lost);
	assert_int_equal(watchee_do(STORE_AT_EXIT, MANY), -1);
	child_wait_zombie(&watchee_child);
	count += count_hits(watch, &lost);
	watchee_expect_end(watch, MEMRW_ENDING_EXITED);
	memrw_watch_ending(watch, &lost_at_last);
	assert_true(lost > 0 && lost_at_last > 0);
	assert_int_equal(count + lost + lost_at_last, 2 * MANY);
	memrw_watch_close(watch);
}

static void as_many_hits_as_were_asked_for_wait(void **state)
{
	const struct memrw_watch_filter filter = { .capacity = MANY };
	struct memrw_watch *watch;
	uint64_t lost = 0;

	(void)state;
	skip_without_watches();
	watch = open_filter(&filter);
	assert_int_equal(watchee_do(STORE, MANY), 0);
	assert_int_equal(count_hits(watch, &lost), MANY);
	assert_int_equal(lost, 0);
	memrw_watch_close(watch);
}

/*
 * What is refused
 */

static void refuse(uint64_t address, size_t length, enum memrw_watch_kind kind,
		   const struct memrw_watch_filter *filter)
{
	assert_null_errno(memrw_watch_open(watchee_target, address, length, kind, filter),
			  EINVAL);
}

static void bad_places_and_kinds(void **state)
{
	const uintptr_t place = (uintptr_t)watched;

	(void)state;
	skip_without_watches();
	refuse(place, 0, MEMRW_WATCH_WRITE, NULL);
	refuse(place, 3, MEMRW_WATCH_WRITE, NULL);
	refuse(place, 16, MEMRW_WATCH_WRITE, NULL);
	refuse(place + 1, 2, MEMRW_WATCH_WRITE, NULL);
	refuse(place + 2, 4, MEMRW_WATCH_WRITE, NULL);
	refuse(place + 4, 8, MEMRW_WATCH_WRITE, NULL);
	refuse(place, 1, 0, NULL);
	refuse(place, 1, 2, NULL);
	refuse(place, 1, 5, NULL);
	refuse((uintptr_t)watchee_called, 2, MEMRW_WATCH_EXECUTE, NULL);
}

static void bad_filters(void **state)
{
	static const struct memrw_watch_filter bad[] = {
		{ .flags = 1U << 4 },
		{ .flags = MEMRW_WATCH_SIGNED },
		{ .test = MEMRW_WATCH_IF_CROSS + 1 },
		{ .operand = 1 },
		{ .ip_first = 2, .ip_last = 1 },
		{ .ip_first = 1 },
		{ .capacity = 65537 },
	};
	static const struct memrw_watch_filter changed = { .flags = MEMRW_WATCH_CHANGED };
	static const struct memrw_watch_filter equal = { .test = MEMRW_WATCH_IF_EQUAL };
	size_t i;

	(void)state;
	skip_without_watches();
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refuse((uintptr_t)watched, 1, MEMRW_WATCH_WRITE, &bad[i]);
	refuse((uintptr_t)watchee_called, 1, MEMRW_WATCH_EXECUTE, &changed);
	refuse((uintptr_t)watchee_called, 1, MEMRW_WATCH_EXECUTE, &equal);
}

static void there_must_be_room_for_a_hit(void **state)
{
	struct memrw_watch *watch;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_errno(memrw_watch_read(watch, NULL, 0, 0), EINVAL);
	memrw_watch_close(watch);
}

static void an_address_of_the_kernel_is_refused(void **state)
{
	(void)state;
	skip_without_watches();
	assert_null_errno(memrw_watch_open(watchee_target, UINT64_MAX - 7, 8,
					   MEMRW_WATCH_WRITE, NULL), EIO);
	assert_null_errno(memrw_watch_open(watchee_target, UINT64_MAX, 1,
					   MEMRW_WATCH_EXECUTE, NULL), EIO);
}

static void memory_need_not_be_there(void **state)
{
	struct memrw_watch *watch;

	(void)state;
	skip_without_watches();
	watch = memrw_watch_open(watchee_target, 8, 8, MEMRW_WATCH_READ_WRITE, NULL);
	assert_non_null(watch);
	watchee_expect_none(watch);
	memrw_watch_close(watch);
}

static void a_target_opened_for_reading_can_be_watchee_but_not_stopped(void **state)
{
	const struct memrw_watch_filter stop = { .flags = MEMRW_WATCH_STOP };
	struct memrw_target *reader;
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	reader = memrw_target_open(watchee_child.pid, unit_via(), MEMRW_OPEN_READ_ONLY);
	assert_non_null(reader);
	assert_null_errno(memrw_watch_open(reader, (uintptr_t)watched, 8, MEMRW_WATCH_WRITE,
					   &stop), EACCES);
	watch = memrw_watch_open(reader, (uintptr_t)watched, 1, MEMRW_WATCH_WRITE, NULL);
	assert_non_null(watch);
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	memrw_watch_close(watch);
	memrw_target_close(reader);
}

static void procfs_neither_tests_values_nor_stops(void **state)
{
	static const struct memrw_watch_filter filters[] = {
		{ .flags = MEMRW_WATCH_CHANGED },
		{ .flags = MEMRW_WATCH_STOP },
		{ .test = MEMRW_WATCH_IF_EQUAL },
		{ .test = MEMRW_WATCH_IF_CROSS, .operand = 1 },
	};
	size_t i;

	(void)state;
	if (on_driver())
		skip();
	skip_without_watches();
	for (i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		assert_null_errno(memrw_watch_open(watchee_target, (uintptr_t)watched, 8,
						   MEMRW_WATCH_WRITE, &filters[i]), ENOTSUP);
}

/*
 * procfs, for those who may not do as they like
 */

static pid_t start_sleeper(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* Returns what watching a process of one's own sets errno to. */
static int try_to_watch(uint32_t capacity)
{
	const struct memrw_watch_filter filter = { .capacity = capacity };
	pid_t pid = start_sleeper();
	struct memrw_target *target = memrw_target_open(pid, MEMRW_BACKEND_PROCFS, 0);
	struct memrw_watch *watch;
	int error = -1;

	if (target) {
		watch = memrw_watch_open(target, (uintptr_t)watched, 1, MEMRW_WATCH_WRITE, &filter);
		error = watch ? 0 : errno;
		memrw_watch_close(watch);
	}
	memrw_target_close(target);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return error;
}

static int watch_with_little_memory(void)
{
	const struct rlimit none = { 0, 0 };
	int forbidden = watchee_probe();

	/* By perf_event_paranoid, of which there are more values than the kernel's own. */
	if (forbidden)
		return forbidden == EACCES && try_to_watch(0) == EPERM ? 0 : __LINE__;
	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0)
		return __LINE__;
	if (try_to_watch(65536) != EAGAIN)
		return __LINE__;
	return try_to_watch(0) == 0 ? 0 : __LINE__;
}

static void rings_take_the_memory_that_the_kernel_allows(void **state)
{
	(void)state;
	if (on_driver())
		skip();
	skip_without_watches();
	assert_int_equal(run_unprivileged(watch_with_little_memory), 0);
}

static void what_the_kernel_forbids_is_a_matter_of_permission(void **state)
{
	int forbidden = watchee_probe();

	(void)state;
	/* Who may, cannot see this. */
	if (on_driver() || (forbidden != EACCES && forbidden != EPERM))
		skip();
	assert_int_equal(try_to_watch(0), EPERM);
}

#define watch_test(fn) cmocka_unit_test_setup_teardown(fn, watchee_start, watchee_stop)

static const struct CMUnitTest tests[] = {
	watch_test(a_store_of_each_length_hits_once),
	watch_test(a_store_of_more_or_less_than_is_watched_hits),
	watch_test(only_stores_to_what_is_watched_hit),
	watch_test(loads_and_stores_hit),
	watch_test(an_instruction_hits_when_it_is_executed),
	watch_test(another_process_does_not_hit),
	watch_test(a_hit_tells_who_when_and_where),
	watch_test(the_driver_tells_the_values),
	watch_test(a_value_is_as_wide_as_what_is_watched),
	watch_test(procfs_does_not_know_the_values),
	watch_test(the_registers_are_those_of_the_thread),
	watch_test(the_callers_are_found_by_frame_pointers),
	watch_test(only_hits_of_some_instructions),
	watch_test(both_ends_of_a_range_of_instructions_are_in_it),
	watch_test(only_the_first_hit_of_each_instruction),
	watch_test(only_each_third_hit),
	watch_test(it_ends_after_as_many_hits_as_were_wanted),
	watch_test(only_values_that_are_others_than_before),
	watch_test(only_one_value),
	watch_test(only_values_that_cross_another),
	watch_test(only_signed_values_that_cross_another),
	watch_test(narrow_values_have_signs_too),
	watch_test(a_hit_tells_how_many_were_dropped_before_it),
	watch_test(the_ending_tells_how_many_were_dropped_at_last),
	watch_test(as_many_hits_as_were_asked_for_wait),
	watch_test(bad_places_and_kinds),
	watch_test(bad_filters),
	watch_test(there_must_be_room_for_a_hit),
	watch_test(an_address_of_the_kernel_is_refused),
	watch_test(memory_need_not_be_there),
	watch_test(a_target_opened_for_reading_can_be_watchee_but_not_stopped),
	watch_test(procfs_neither_tests_values_nor_stops),
	watch_test(rings_take_the_memory_that_the_kernel_allows),
	watch_test(what_the_kernel_forbids_is_a_matter_of_permission),
};

unit_main(tests)
