// SPDX-License-Identifier: GPL-2.0-only
/* Values that are written again and again, or kept within bounds. */
#include "support/unit.h"
#include "clock.h"
#include "freezer.h"
#include "value_order.h"

#include <unistd.h>

/* What the child has; CALL_* are calls to it. */
static struct {
	int32_t before;
	int32_t value;
	int32_t after;
	int64_t other;
} memory = { -1, 41, -1, 7 };

enum { CALL_GET, CALL_SET_9, CALL_SET_200, CALL_OTHER, CALL_RACE };

/*
 * Out of bounds, and at once within: what is within must stay as it is.  How
 * often it does not.
 */
static long race(void)
{
	volatile int32_t *value = &memory.value;
	long lost = 0;

	for (int i = 0; i < 200000; i++) {
		*value = 5;
		for (int wait = i % 64; wait > 0; wait--)
			__asm__ volatile("" ::: "memory");
		__atomic_store_n(value, 2000, __ATOMIC_SEQ_CST);
		for (int look = 0; look < 20; look++)
			lost += __atomic_load_n(value, __ATOMIC_SEQ_CST) != 2000;
	}
	return lost;
}

static long answer(long call)
{
	switch (call) {
	case CALL_SET_9:
		return memory.value = 9;
	case CALL_SET_200:
		return memory.value = 200;
	case CALL_OTHER:
		return memory.other;
	case CALL_RACE:
		return race();
	default:
		return memory.before == -1 && memory.after == -1 ? memory.value : -1000;
	}
}

static struct child child;
static struct memrw_target *target;
static struct freezer *freezer;

static int start(void **state)
{
	(void)state;
	child_start(&child, answer);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
	freezer = freezer_open(target, 0);
	assert_non_null(freezer);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	freezer_close(freezer);
	memrw_target_close(target);
	child_stop(&child);
	return 0;
}

static int64_t add_value(void *address, const void *bytes, size_t length,
			 int64_t interval)
{
	const struct freeze freeze = {
		.address = (uintptr_t)address,
		.interval = interval,
		.bytes = bytes,
		.length = length,
	};
	int64_t number = freezer_add(freezer, &freeze);

	assert_true(number >= 0);
	return number;
}

static int64_t add_bounds(enum memrw_type type, void *address, const char *min,
			  const char *max)
{
	struct freeze freeze = {
		.address = (uintptr_t)address,
		.interval = MILLISECOND,
		.type = type,
		.has_min = min,
		.has_max = max,
	};
	int64_t number;

	if (min)
		assert_true(memrw_value_parse(type, min, freeze.min, 8) > 0);
	if (max)
		assert_true(memrw_value_parse(type, max, freeze.max, 8) > 0);
	number = freezer_add(freezer, &freeze);
	assert_true(number >= 0);
	return number;
}

static void assert_status(int64_t number, uint64_t writes, int error)
{
	struct freeze_status status;

	assert_int_equal(freezer_status(freezer, number, &status), 0);
	assert_int_equal(status.writes, writes);
	assert_int_equal(status.error, error);
}

/*
 * Steps
 */

static void value_is_written_and_nothing_beside_it(void **state)
{
	int32_t seven = 7;
	int64_t number = add_value(&memory.value, &seven, sizeof(seven), MILLISECOND);

	(void)state;
	seven = 8; /* It is a copy that counts. */
	freezer_step(freezer, clock_now());
	assert_int_equal(child_call(&child, CALL_GET), 7);
	assert_status(number, 1, 0);
	assert_int_equal(child_call(&child, CALL_SET_9), 9);
	freezer_step(freezer, clock_now() + SECOND);
	assert_int_equal(child_call(&child, CALL_GET), 7);
	assert_status(number, 2, 0);
}

static void nothing_is_due_before_its_interval(void **state)
{
	int32_t seven = 7;
	int64_t number = add_value(&memory.value, &seven, sizeof(seven), SECOND);
	int64_t now = clock_now(), next;

	(void)state;
	next = freezer_step(freezer, now);
	assert_true(next > now && next <= now + SECOND);
	assert_int_equal(freezer_step(freezer, next - 1), next);
	assert_status(number, 1, 0);
	assert_int_equal(freezer_step(freezer, next), next + SECOND);
	assert_status(number, 2, 0);
}

static void missed_times_are_not_made_up_for(void **state)
{
	int32_t seven = 7;
	int64_t number = add_value(&memory.value, &seven, sizeof(seven), MILLISECOND);
	int64_t later = clock_now() + 3600 * SECOND, next;

	(void)state;
	next = freezer_step(freezer, later);
	assert_true(next > later && next <= later + MILLISECOND);
	assert_status(number, 1, 0);
}

static void values_have_intervals_of_their_own(void **state)
{
	int32_t seven = 7;
	int64_t eight = 8, now, next;
	int64_t slow = add_value(&memory.value, &seven, sizeof(seven), 10 * MILLISECOND);
	int64_t fast = add_value(&memory.other, &eight, sizeof(eight), MILLISECOND);

	(void)state;
	now = next = freezer_step(freezer, clock_now());
	while (next < now + 100 * MILLISECOND)
		next = freezer_step(freezer, next);
	assert_int_equal(child_call(&child, CALL_OTHER), 8);
	assert_status(slow, 11, 0);
	assert_status(fast, 101, 0);
}

static void removed_value_is_left_alone(void **state)
{
	int32_t seven = 7;
	int64_t eight = 8;
	int64_t first = add_value(&memory.value, &seven, sizeof(seven), MILLISECOND);
	int64_t second = add_value(&memory.other, &eight, sizeof(eight), MILLISECOND);
	struct freeze_status status;

	(void)state;
	assert_int_equal(freezer_remove(freezer, first), 0);
	freezer_step(freezer, clock_now());
	assert_int_equal(child_call(&child, CALL_GET), 41);
	assert_int_equal(child_call(&child, CALL_OTHER), 8);
	assert_status(second, 1, 0);
	assert_errno(freezer_remove(freezer, first), ENOENT);
	assert_errno(freezer_status(freezer, first, &status), ENOENT);
	assert_int_equal(freezer_remove(freezer, second), 0);
	assert_true(freezer_step(freezer, clock_now()) == INT64_MAX);
}

static void value_that_cannot_be_written_costs_no_other(void **state)
{
	int32_t seven = 7;
	int64_t bad = add_value((void *)16, &seven, sizeof(seven), MILLISECOND);
	int64_t good = add_value(&memory.value, &seven, sizeof(seven), MILLISECOND);

	(void)state;
	freezer_step(freezer, clock_now());
	assert_status(bad, 0, EIO);
	assert_status(good, 1, 0);
	assert_int_equal(freezer_ended(freezer), 0);
}

static void target_that_is_gone_ends_it(void **state)
{
	int32_t seven = 7;

	(void)state;
	add_value(&memory.value, &seven, sizeof(seven), MILLISECOND);
	child_stop(&child);
	assert_true(freezer_step(freezer, clock_now()) == INT64_MAX);
	assert_int_equal(freezer_ended(freezer), ESRCH);
}

static void bad_freezes_are_refused(void **state)
{
	struct freeze freeze = { .address = 16, .interval = 1 };

	(void)state;
	assert_errno(freezer_add(freezer, &freeze), EINVAL);
	freeze = (struct freeze){ .address = 16, .has_min = true };
	assert_errno(freezer_add(freezer, &freeze), EINVAL);
}

/*
 * Bounds
 */

static void value_outside_becomes_the_bound(void **state)
{
	int64_t number = add_bounds(MEMRW_TYPE_I32, &memory.value, "-5", "100");

	(void)state;
	freezer_step(freezer, clock_now());
	assert_int_equal(child_call(&child, CALL_GET), 41);
	assert_status(number, 0, 0);
	child_call(&child, CALL_SET_200);
	freezer_step(freezer, clock_now() + SECOND);
	assert_int_equal(child_call(&child, CALL_GET), 100);
	assert_status(number, 1, 0);
}

static void bounds_have_the_sign_of_their_type(void **state)
{
	(void)state;
	/* -1 as i32 is less than 0; as u32 it is more than 10. */
	add_bounds(MEMRW_TYPE_I32, &memory.before, "-1", "10");
	freezer_step(freezer, clock_now());
	assert_int_equal(child_call(&child, CALL_GET), 41);
	add_bounds(MEMRW_TYPE_U32, &memory.before, NULL, "10");
	freezer_step(freezer, clock_now() + SECOND);
	assert_int_equal(child_call(&child, CALL_GET), -1000);
}

static void unaligned_value_is_kept_within_bounds_too(void **state)
{
	/* All bytes of it are 0 but for the 41. */
	int64_t number = add_bounds(MEMRW_TYPE_U16, (char *)&memory.value + 1, "1", NULL);

	(void)state;
	freezer_step(freezer, clock_now());
	assert_int_equal(child_call(&child, CALL_GET), 41 + 256);
	assert_status(number, 1, 0);
}

static void what_the_target_writes_meanwhile_is_not_lost(void **state)
{
	long lost;

	(void)state;
	/* There is nothing atomic in procfs. */
	if (unit_via() != MEMRW_BACKEND_DRIVER)
		skip();
	add_bounds(MEMRW_TYPE_I32, &memory.value, "1000", NULL);
	assert_int_equal(freezer_start(freezer), 0);
	lost = child_call(&child, CALL_RACE);
	freezer_stop(freezer);
	assert_int_equal(lost, 0);
}

/*
 * The thread
 */

static void thread_writes_until_it_is_stopped(void **state)
{
	int32_t seven = 7;

	(void)state;
	assert_int_equal(freezer_start(freezer), 0);
	add_value(&memory.value, &seven, sizeof(seven), MILLISECOND);
	for (int i = 0; i < 5; i++) {
		child_call(&child, CALL_SET_9);
		for (int wait = 0; wait < 5000 && child_call(&child, CALL_GET) != 7; wait++)
			usleep(1000);
		assert_int_equal(child_call(&child, CALL_GET), 7);
	}
	freezer_stop(freezer);
	child_call(&child, CALL_SET_9);
	usleep(20000);
	assert_int_equal(child_call(&child, CALL_GET), 9);
	assert_int_equal(freezer_start(freezer), 0);
	freezer_stop(freezer);
	freezer_stop(freezer);
	freezer_close(NULL);
}

/*
 * The order of values
 */

static void assert_order(enum memrw_type type, const char *a, const char *b, int order)
{
	char first[8], second[8];

	assert_true(memrw_value_parse(type, a, first, sizeof(first)) > 0);
	assert_true(memrw_value_parse(type, b, second, sizeof(second)) > 0);
	assert_int_equal(value_order(type, first, second), order);
	if (order != VALUE_UNORDERED)
		assert_int_equal(value_order(type, second, first), -order);
}

static void order_of_values(void **state)
{
	(void)state;
	assert_order(MEMRW_TYPE_I8, "-1", "1", -1);
	assert_order(MEMRW_TYPE_U8, "255", "1", 1);
	assert_order(MEMRW_TYPE_I16, "-32768", "32767", -1);
	assert_order(MEMRW_TYPE_U16, "65535", "65535", 0);
	assert_order(MEMRW_TYPE_I32, "-2147483648", "0", -1);
	assert_order(MEMRW_TYPE_U32, "4294967295", "0", 1);
	assert_order(MEMRW_TYPE_I64, "-9223372036854775808", "9223372036854775807", -1);
	assert_order(MEMRW_TYPE_U64, "18446744073709551615", "9223372036854775807", 1);
	assert_order(MEMRW_TYPE_PTR, "0xffffffffffffffff", "1", 1);
	assert_order(MEMRW_TYPE_F32, "-0.5", "0.25", -1);
	assert_order(MEMRW_TYPE_F32, "-0", "0", 0);
	assert_order(MEMRW_TYPE_F64, "1e300", "inf", -1);
	assert_order(MEMRW_TYPE_F64, "nan", "1", VALUE_UNORDERED);
	assert_order(MEMRW_TYPE_F32, "1", "nan", VALUE_UNORDERED);
}

#define freezer_test(test)	cmocka_unit_test_setup_teardown(test, start, stop)

static const struct CMUnitTest tests[] = {
	freezer_test(value_is_written_and_nothing_beside_it),
	freezer_test(nothing_is_due_before_its_interval),
	freezer_test(missed_times_are_not_made_up_for),
	freezer_test(values_have_intervals_of_their_own),
	freezer_test(removed_value_is_left_alone),
	freezer_test(value_that_cannot_be_written_costs_no_other),
	freezer_test(target_that_is_gone_ends_it),
	freezer_test(bad_freezes_are_refused),
	freezer_test(value_outside_becomes_the_bound),
	freezer_test(bounds_have_the_sign_of_their_type),
	freezer_test(unaligned_value_is_kept_within_bounds_too),
	freezer_test(what_the_target_writes_meanwhile_is_not_lost),
	freezer_test(thread_writes_until_it_is_stopped),
	cmocka_unit_test(order_of_values),
};

unit_main(tests)
