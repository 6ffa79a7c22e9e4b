// SPDX-License-Identifier: GPL-2.0-only
/* A scan's settings, steps back, snapshots, refusals and ends. */
#include "support/arena.h"
#include "support/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define I32	MEMRW_SCAN_TYPE(MEMRW_TYPE_I32)
#define U64	MEMRW_SCAN_TYPE(MEMRW_TYPE_U64)

static void put(size_t offset, const void *bytes, size_t length)
{
	assert_int_equal(memrw_target_write(field_target, (uintptr_t)field + offset, bytes,
					    length, 0), length);
	memcpy(field + offset, bytes, length);
}

static void put_i32(size_t offset, int32_t value)
{
	put(offset, &value, sizeof(value));
}

static uint64_t first_address(struct memrw_scan *scan, uint64_t skip)
{
	struct memrw_scan_iter *iter = memrw_scan_iter_open(scan, skip, 0);
	struct memrw_scan_match match = { 0 };

	assert_non_null(iter);
	assert_int_equal(memrw_scan_iter_next(iter, &match), 1);
	memrw_scan_iter_close(iter);
	return match.address;
}

/*
 * Steps back
 */

static void undo_brings_back_what_was_there(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	uint64_t first, second;

	(void)state;
	assert_errno(memrw_scan_undo(scan), ENOENT);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_errno(memrw_scan_undo(scan), ENOENT);
	first = memrw_scan_count(scan);
	field_change(5);
	field_run(scan, MEMRW_SCAN_CHANGED, NULL);
	second = memrw_scan_count(scan);
	assert_true(second > 0 && second < first);
	assert_int_equal(memrw_scan_undo_steps(scan), 1);
	assert_int_equal(memrw_scan_undo(scan), 0);
	assert_int_equal(memrw_scan_count(scan), first);
	/* With the values of then: the same has changed once more. */
	field_run(scan, MEMRW_SCAN_CHANGED, NULL);
	assert_int_equal(memrw_scan_count(scan), second);
	memrw_scan_close(scan);
}

static void steps_that_are_too_many_are_forgotten(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);

	(void)state;
	assert_int_equal(memrw_scan_set_undo(scan, 2, 0), 0);
	for (int i = 0; i < 5; i++)
		field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_undo_steps(scan), 2);
	assert_int_equal(memrw_scan_set_undo(scan, 0, 0), 0);
	assert_int_equal(memrw_scan_undo_steps(scan), 0);
	assert_int_equal(memrw_scan_set_undo(scan, 0, (size_t)1 << 30), 0);
	for (int i = 0; i < 4; i++)
		field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_undo_steps(scan), 4);
	memrw_scan_close(scan);
}

static void memory_shrinks_with_the_matches(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	size_t before;

	(void)state;
	assert_int_equal(memrw_scan_memory(scan), 0);
	memrw_scan_set_undo(scan, 0, 0);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	before = memrw_scan_memory(scan);
	assert_true(before <= FIELD * 11 / 10);
	field_change(6);
	field_run(scan, MEMRW_SCAN_CHANGED, NULL);
	assert_true(memrw_scan_memory(scan) < before / 10);
	memrw_scan_close(scan);
}

/* What has not changed is kept once, for now and for the way back. */
static void a_pass_without_news_costs_next_to_nothing(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	size_t before;

	(void)state;
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	before = memrw_scan_memory(scan);
	field_run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	assert_int_equal(memrw_scan_undo_steps(scan), 1);
	assert_true(memrw_scan_memory(scan) < before + before / 20);
	assert_int_equal(memrw_scan_snapshot_save(scan, "now"), 0);
	assert_true(memrw_scan_memory(scan) < before + before / 20);
	memrw_scan_close(scan);
}

/*
 * Snapshots
 */

static void run_relative(struct memrw_scan *scan, enum memrw_scan_op op, const char *name)
{
	struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = op,
		.snapshot = name,
	};

	assert_int_equal(memrw_scan_run(scan, &condition), 0);
}

static void a_condition_may_be_about_a_snapshot(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	struct memrw_scan_condition missing = {
		.size = sizeof(missing),
		.op = MEMRW_SCAN_CHANGED,
		.snapshot = "never",
	};

	(void)state;
	put_i32(64, 100);
	put_i32(400000, 100);
	put_i32(800000, 100);
	assert_errno(memrw_scan_snapshot_save(scan, "a"), ENOENT);
	field_run(scan, MEMRW_SCAN_EQ, "100");
	assert_int_equal(memrw_scan_snapshot_save(scan, "hundred"), 0);
	assert_errno(memrw_scan_snapshot_save(scan, ""), EINVAL);
	assert_errno(memrw_scan_run(scan, &missing), ENOENT);
	put_i32(64, 90);
	put_i32(800000, 80);
	field_run(scan, MEMRW_SCAN_CHANGED, NULL);
	assert_int_equal(memrw_scan_count(scan), 2);
	put_i32(64, 100);
	/* Changed since, and not changed from the snapshot. */
	run_relative(scan, MEMRW_SCAN_UNCHANGED, "hundred");
	assert_int_equal(memrw_scan_count(scan), 1);
	assert_int_equal(first_address(scan, 0), (uintptr_t)field + 64);
	assert_int_equal(memrw_scan_undo(scan), 0);
	run_relative(scan, MEMRW_SCAN_DECREASED, "hundred");
	assert_int_equal(memrw_scan_count(scan), 1);
	assert_int_equal(first_address(scan, 0), (uintptr_t)field + 800000);
	memrw_scan_close(scan);
}

/* Over all of the field: what is told is what the bytes of then say. */
static void a_snapshot_of_everything_is_compared_with(void **state)
{
	struct memrw_scan *scan = field_scan(MEMRW_SCAN_TYPE(MEMRW_TYPE_U8), 0, FIELD);
	uint8_t *then = malloc(FIELD);
	uint64_t differ = 0;

	(void)state;
	memcpy(then, field, FIELD);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_snapshot_save(scan, "start"), 0);
	field_change(7);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	field_change(8);
	for (size_t i = 0; i < FIELD; i++)
		differ += field[i] != then[i];
	run_relative(scan, MEMRW_SCAN_CHANGED, "start");
	assert_int_equal(memrw_scan_count(scan), differ);
	free(then);
	memrw_scan_close(scan);
}

static void snapshots_have_names_in_order(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, 4096);

	(void)state;
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_null(memrw_scan_snapshot_name(scan, 0));
	assert_int_equal(memrw_scan_snapshot_save(scan, "b"), 0);
	assert_int_equal(memrw_scan_snapshot_save(scan, "c"), 0);
	assert_int_equal(memrw_scan_snapshot_save(scan, "a"), 0);
	assert_int_equal(memrw_scan_snapshot_save(scan, "b"), 0);
	assert_string_equal(memrw_scan_snapshot_name(scan, 0), "a");
	assert_string_equal(memrw_scan_snapshot_name(scan, 1), "b");
	assert_string_equal(memrw_scan_snapshot_name(scan, 2), "c");
	assert_null(memrw_scan_snapshot_name(scan, 3));
	assert_int_equal(memrw_scan_snapshot_drop(scan, "b"), 0);
	assert_errno(memrw_scan_snapshot_drop(scan, "b"), ENOENT);
	assert_string_equal(memrw_scan_snapshot_name(scan, 1), "c");
	memrw_scan_close(scan);
}

/*
 * Matches
 */

static void one_match_can_be_removed(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	uint64_t count, address;

	(void)state;
	field_run(scan, MEMRW_SCAN_GT, "1000");
	count = memrw_scan_count(scan);
	assert_true(count > 1000);
	address = first_address(scan, 500);
	assert_int_equal(memrw_scan_remove(scan, address), 0);
	assert_int_equal(memrw_scan_count(scan), count - 1);
	assert_true(first_address(scan, 500) > address);
	assert_errno(memrw_scan_remove(scan, address), ENOENT);
	assert_errno(memrw_scan_remove(scan, 0), ENOENT);
	assert_errno(memrw_scan_remove(scan, UINT64_MAX), ENOENT);
	memrw_scan_close(scan);
}

static void a_walk_is_over_what_there_was_when_it_began(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	struct memrw_scan_match match;
	struct memrw_scan_iter *iter;
	uint64_t count, walked = 0;

	(void)state;
	field_run(scan, MEMRW_SCAN_NE, "0");
	count = memrw_scan_count(scan);
	iter = memrw_scan_iter_open(scan, 10, 0);
	field_run(scan, MEMRW_SCAN_EQ, "1");
	memrw_scan_reset(scan);
	while (memrw_scan_iter_next(iter, &match) > 0)
		walked++;
	assert_int_equal(walked, count - 10);
	memrw_scan_iter_close(iter);
	assert_null_errno(memrw_scan_iter_open(scan, 0, 8), EINVAL);
	memrw_scan_close(scan);
}

/*
 * Settings
 */

static void settings_are_for_before_the_first_pass(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, 4096);

	(void)state;
	assert_false(memrw_scan_started(scan));
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_true(memrw_scan_started(scan));
	assert_errno(memrw_scan_set_types(scan, U64), EBUSY);
	assert_errno(memrw_scan_set_alignment(scan, 1), EBUSY);
	assert_errno(memrw_scan_set_big_endian(scan, true), EBUSY);
	assert_errno(memrw_scan_set_fold_case(scan, true), EBUSY);
	assert_errno(memrw_scan_set_filter(scan, NULL), EBUSY);
	memrw_scan_reset(scan);
	assert_int_equal(memrw_scan_count(scan), 0);
	assert_int_equal(memrw_scan_set_types(scan, U64), 0);
	assert_int_equal(memrw_scan_types(scan), U64);
	memrw_scan_close(scan);
}

static void settings_that_cannot_be_are_refused(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, 4096);

	(void)state;
	assert_errno(memrw_scan_set_types(scan, 0), EINVAL);
	assert_errno(memrw_scan_set_types(scan, 1U << 20), EINVAL);
	assert_errno(memrw_scan_set_types(scan, I32 | MEMRW_SCAN_BYTES), EINVAL);
	assert_errno(memrw_scan_set_types(scan, MEMRW_SCAN_STR | MEMRW_SCAN_STR16), EINVAL);
	assert_errno(memrw_scan_set_alignment(scan, 3), EINVAL);
	assert_errno(memrw_scan_set_alignment(scan, 8192), EINVAL);
	assert_errno(memrw_scan_set_tolerance(scan, -1), EINVAL);
	assert_errno(memrw_scan_set_tolerance(scan, strtod("nan", NULL)), EINVAL);
	assert_errno(memrw_scan_set_rounding(scan, 3), EINVAL);
	assert_errno(memrw_scan_set_progress(scan, NULL, NULL, 0), EINVAL);
	memrw_scan_close(scan);
}

static void assert_refused(struct memrw_scan *scan, enum memrw_scan_op op,
			   const char *value, int error)
{
	uint64_t count = memrw_scan_count(scan);

	assert_errno(field_try(scan, op, value), error);
	assert_int_equal(memrw_scan_count(scan), count);
}

static void conditions_that_cannot_be_are_refused(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, 4096);
	struct memrw_scan_condition no_size = { .op = MEMRW_SCAN_UNKNOWN };

	(void)state;
	assert_refused(scan, MEMRW_SCAN_CHANGED, NULL, EINVAL);
	assert_refused(scan, MEMRW_SCAN_INCREASED_BY, "1", EINVAL);
	assert_refused(scan, MEMRW_SCAN_POINTS_INTO + 1, NULL, EINVAL);
	assert_refused(scan, MEMRW_SCAN_POINTS_INTO, NULL, EINVAL);
	assert_refused(scan, MEMRW_SCAN_EQ, NULL, EINVAL);
	assert_refused(scan, MEMRW_SCAN_EQ, "five", EINVAL);
	assert_refused(scan, MEMRW_SCAN_EQ, "99999999999", ERANGE);
	assert_refused(scan, MEMRW_SCAN_RANGE, "5", EINVAL);
	assert_false(memrw_scan_started(scan));
	assert_errno(memrw_scan_run(scan, &no_size), EINVAL);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_refused(scan, MEMRW_SCAN_INCREASED_BY, "-1", EINVAL);
	memrw_scan_reset(scan);
	memrw_scan_set_types(scan, MEMRW_SCAN_BYTES);
	assert_refused(scan, MEMRW_SCAN_UNKNOWN, NULL, EINVAL);
	assert_refused(scan, MEMRW_SCAN_NE, "00", EINVAL);
	assert_refused(scan, MEMRW_SCAN_GT, "00", EINVAL);
	assert_refused(scan, MEMRW_SCAN_EQ, "?? ??", EINVAL);
	memrw_scan_close(scan);
}

/*
 * Progress and ends
 */

struct told {
	unsigned int calls;
	uint64_t done;
	uint64_t total;
	int answer;
};

static int tell(void *data, uint64_t done, uint64_t total)
{
	struct told *told = data;

	told->calls++;
	told->done = done;
	told->total = total;
	return told->answer;
}

static void progress_ends_at_the_whole(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	struct told told = { 0 };

	(void)state;
	memrw_scan_set_progress(scan, tell, &told, 1);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_true(told.calls > 0);
	assert_int_equal(told.done, FIELD);
	assert_int_equal(told.total, FIELD);
	field_run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	assert_int_equal(told.done, told.total);
	memrw_scan_close(scan);
}

static void a_cancelled_pass_leaves_what_was_there(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);
	struct told told = { .answer = 1 };
	uint64_t count;

	(void)state;
	memrw_scan_set_progress(scan, tell, &told, 1);
	assert_refused(scan, MEMRW_SCAN_UNKNOWN, NULL, ECANCELED);
	assert_false(memrw_scan_started(scan));
	told.answer = 0;
	field_run(scan, MEMRW_SCAN_NE, "0");
	count = memrw_scan_count(scan);
	told.answer = 1;
	assert_refused(scan, MEMRW_SCAN_EQ, "1", ECANCELED);
	assert_int_equal(memrw_scan_undo_steps(scan), 0);
	told.answer = 0;
	field_run(scan, MEMRW_SCAN_NE, "0");
	assert_int_equal(memrw_scan_count(scan), count);
	memrw_scan_close(scan);
}

static void a_page_that_is_gone_takes_its_matches_along(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, 16 * PAGE);
	uint64_t count;

	(void)state;
	memrw_scan_set_alignment(scan, 1);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	count = memrw_scan_count(scan);
	assert_int_equal(count, 16 * PAGE - 3);
	field_unmap(5);
	field_run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	/* Those that reached into it, too. */
	assert_int_equal(memrw_scan_count(scan), count - PAGE - 3);
	memrw_scan_reset(scan);
	field_run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_count(scan), count - PAGE - 3);
	memrw_scan_close(scan);
}

static void a_target_that_is_gone_fails_the_pass(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);

	(void)state;
	field_run(scan, MEMRW_SCAN_NE, "0");
	child_stop(&field_child);
	assert_refused(scan, MEMRW_SCAN_NE, "0", ESRCH);
	memrw_scan_close(scan);
}

static void a_target_that_became_another_program_fails_the_pass(void **state)
{
	struct memrw_scan *scan = field_scan(I32, 0, FIELD);

	(void)state;
	field_run(scan, MEMRW_SCAN_NE, "0");
	field_exec();
	assert_refused(scan, MEMRW_SCAN_NE, "0", ESTALE);
	memrw_scan_close(scan);
}

static void several_scans_are_side_by_side(void **state)
{
	struct memrw_scan *one = field_scan(I32, 0, FIELD);
	struct memrw_scan *other = field_scan(U64, 0, FIELD);
	uint64_t count;

	(void)state;
	field_run(one, MEMRW_SCAN_NE, "0");
	count = memrw_scan_count(one);
	field_run(other, MEMRW_SCAN_EQ, "1");
	assert_int_equal(memrw_scan_count(one), count);
	assert_true(memrw_scan_count(other) < count);
	memrw_scan_close(other);
	field_run(one, MEMRW_SCAN_UNCHANGED, NULL);
	assert_int_equal(memrw_scan_count(one), count);
	memrw_scan_close(one);
}

#define field_test(test) cmocka_unit_test_setup_teardown(test, field_start, field_stop)

static const struct CMUnitTest tests[] = {
	field_test(undo_brings_back_what_was_there),
	field_test(steps_that_are_too_many_are_forgotten),
	field_test(memory_shrinks_with_the_matches),
	field_test(a_pass_without_news_costs_next_to_nothing),
	field_test(a_condition_may_be_about_a_snapshot),
	field_test(a_snapshot_of_everything_is_compared_with),
	field_test(snapshots_have_names_in_order),
	field_test(one_match_can_be_removed),
	field_test(a_walk_is_over_what_there_was_when_it_began),
	field_test(settings_are_for_before_the_first_pass),
	field_test(settings_that_cannot_be_are_refused),
	field_test(conditions_that_cannot_be_are_refused),
	field_test(progress_ends_at_the_whole),
	field_test(a_cancelled_pass_leaves_what_was_there),
	field_test(a_page_that_is_gone_takes_its_matches_along),
	field_test(a_target_that_is_gone_fails_the_pass),
	field_test(a_target_that_became_another_program_fails_the_pass),
	field_test(several_scans_are_side_by_side),
};

unit_main(tests)
