// SPDX-License-Identifier: GPL-2.0-only
/* A target with much more memory than it touched: it must stay so. */
#include "support/arena.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define GIB	((size_t)1 << 30)

#define TOUCHED	((size_t)1 << 20)

/* The driver is tested where processors are emulated. */
static size_t reserved(void)
{
	if (unit_via() == MEMRW_BACKEND_DRIVER)
		return GIB / 8;
	return UINTPTR_MAX > UINT32_MAX ? (size_t)(4ULL << 30) : GIB / 2;
}

static uint8_t *memory;
static struct child child;
static struct memrw_target *target;

/* In the child: touch the middle, with a number in it; or tell what is there. */
static long touch(long argument)
{
	uint8_t *middle = memory + reserved() / 2;

	for (size_t i = 0; argument && i < TOUCHED; i += PAGE)
		memcpy(middle + i, &argument, sizeof(int));
	return 0;
}

static size_t resident(void)
{
	char path[64];
	size_t pages = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", child.pid);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*u %zu", &pages), 1);
	fclose(file);
	return pages * PAGE;
}

static void start(int flags)
{
	memory = mmap(NULL, reserved(), PROT_READ | PROT_WRITE,
		      flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(memory != MAP_FAILED);
	madvise(memory, reserved(), MADV_NOHUGEPAGE);
	child_start(&child, touch);
	assert_int_equal(child_call(&child, 4242), 0);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
}

static int start_private(void **state)
{
	(void)state;
	start(MAP_PRIVATE);
	return 0;
}

static int start_shared(void **state)
{
	(void)state;
	start(MAP_SHARED);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	memrw_target_close(target);
	child_stop(&child);
	munmap(memory, reserved());
	return 0;
}

static struct memrw_scan *scan_of(unsigned int alignment)
{
	struct memrw_region_filter *filter = memrw_region_filter_open();
	struct memrw_scan *scan = memrw_scan_open(target);
	char range[64];

	snprintf(range, sizeof(range), "0x%" PRIxPTR "-0x%" PRIxPTR, (uintptr_t)memory,
		 (uintptr_t)memory + reserved());
	assert_int_equal(memrw_region_filter_add(filter, range), 0);
	assert_int_equal(memrw_scan_set_filter(scan, filter), 0);
	assert_int_equal(memrw_scan_set_alignment(scan, alignment), 0);
	memrw_region_filter_close(filter);
	return scan;
}

static void run(struct memrw_scan *scan, enum memrw_scan_op op, const char *value)
{
	struct memrw_scan_condition condition = {
		.size = sizeof(condition), .op = op, .value = value,
	};

	assert_int_equal(memrw_scan_run(scan, &condition), 0);
}

static void assert_not_grown(size_t before)
{
	assert_true(resident() < before + ((size_t)1 << 20));
}

static void what_was_not_touched_counts_as_zeros_and_stays_untouched(void **state)
{
	struct memrw_scan *scan = scan_of(0);
	size_t before = resident();
	uint64_t touched = TOUCHED / PAGE, all = reserved() / 4;

	(void)state;
	run(scan, MEMRW_SCAN_EQ, "4242");
	assert_int_equal(memrw_scan_count(scan), touched);
	memrw_scan_reset(scan);
	run(scan, MEMRW_SCAN_EQ, "0");
	assert_int_equal(memrw_scan_count(scan), all - touched);
	assert_true(memrw_scan_memory(scan) < reserved() / 100);
	run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	assert_int_equal(memrw_scan_count(scan), all - touched);
	memrw_scan_reset(scan);
	run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_count(scan), all);
	assert_true(memrw_scan_memory(scan) < reserved() / 100);
	child_call(&child, 4245);
	run(scan, MEMRW_SCAN_INCREASED_BY, "3");
	assert_int_equal(memrw_scan_count(scan), touched);
	assert_not_grown(before);
	memrw_scan_close(scan);
}

static void so_it_does_at_every_byte(void **state)
{
	struct memrw_scan *scan = scan_of(1);
	size_t before = resident();

	(void)state;
	run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_count(scan), reserved() - 3);
	run(scan, MEMRW_SCAN_UNCHANGED, NULL);
	assert_int_equal(memrw_scan_count(scan), reserved() - 3);
	assert_not_grown(before);
	memrw_scan_close(scan);
}

/* To read it would make it. */
static void shared_memory_that_was_not_touched_is_left_out(void **state)
{
	struct memrw_scan *scan = scan_of(0);
	size_t before = resident();

	(void)state;
	run(scan, MEMRW_SCAN_UNKNOWN, NULL);
	assert_int_equal(memrw_scan_count(scan), TOUCHED / 4);
	run(scan, MEMRW_SCAN_EQ, "4242");
	assert_int_equal(memrw_scan_count(scan), TOUCHED / PAGE);
	assert_not_grown(before);
	memrw_scan_close(scan);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(what_was_not_touched_counts_as_zeros_and_stays_untouched,
					start_private, stop),
	cmocka_unit_test_setup_teardown(so_it_does_at_every_byte, start_private, stop),
	cmocka_unit_test_setup_teardown(shared_memory_that_was_not_touched_is_left_out,
					start_shared, stop),
};

unit_main(tests)
