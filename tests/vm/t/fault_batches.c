// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches with each thing in them that can fail failing: every segment has its own
 * result, which is true, and one that failed costs no other.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/sweep.h"
#include "lib/test.h"
#include "lib/worker.h"

/* More than the driver takes in at a time, twice. */
#define SEGMENTS	110
#define BYTES_MAX	(2 * PAGE_MAX)
#define FILLER		0xa5

static struct memrw_segment segments[SEGMENTS];
static uint8_t buffers[SEGMENTS][BYTES_MAX] __attribute__((aligned(PAGE_MAX)));

/* What the segments are, in turn. */
enum kind {
	PRESENT,	/* 8 bytes that a walk finds */
	UNTOUCHED,	/* 8 bytes on a page of their own that is not there yet */
	UNMAPPED,
	SHARED,		/* two pages that take the long way */
	KINDS,
};

static size_t length_of(size_t i)
{
	return i % KINDS == SHARED ? 2 * PAGE : 8;
}

static uint64_t address_of(size_t i)
{
	switch ((enum kind)(i % KINDS)) {
	case PRESENT:
		return sweep_private() + i * 8;
	case UNTOUCHED:
		return sweep_untouched() + i / KINDS * PAGE;
	case SHARED:
		return sweep_shared() + i / KINDS * 2 * PAGE;
	default:
		return 8;
	}
}

static long do_zero(void *arg)
{
	uint64_t address;

	memcpy(&address, arg, sizeof(address));
	memset((void *)(uintptr_t)address, 0, SWEEP_PAGES * PAGE);
	return 0;
}

static void zero_target(uint64_t address)
{
	worker_call(sweep_target(), do_zero, &address, sizeof(address));
}

static void prepare_segments(void)
{
	sweep_map_untouched();
	for (size_t i = 0; i < SEGMENTS; i++)
		segments[i] = segment(address_of(i), buffers[i], length_of(i));
}

static void prepare_read(void)
{
	prepare_segments();
	for (size_t i = 0; i < SEGMENTS; i++)
		memset(buffers[i], FILLER, length_of(i));
}

static void prepare_write(void)
{
	prepare_segments();
	zero_target(sweep_private());
	zero_target(sweep_shared());
	for (size_t i = 0; i < SEGMENTS; i++)
		pattern_fill(buffers[i], length_of(i), i + 2);
}

static int64_t read_all(void)
{
	return session_readv(sweep_session(), segments, SEGMENTS, 0);
}

static int64_t write_all(void)
{
	return session_writev(sweep_session(), segments, SEGMENTS, 0);
}

/* Is what segment @i reads there, @done bytes of it and nothing behind? */
static bool is_read(size_t i, size_t done)
{
	const uint8_t *bytes = buffers[i];
	size_t offset = i % KINDS == PRESENT ? i * 8 : i / KINDS * 2 * PAGE;

	for (size_t k = done; k < length_of(i); k++) {
		if (bytes[k] != FILLER)
			return false;
	}
	if (i % KINDS != UNTOUCHED)
		return pattern_matches(bytes, done, offset, 1);
	for (size_t k = 0; k < done; k++) {
		if (bytes[k])
			return false;
	}
	return true;
}

static bool is_written(size_t i, size_t done)
{
	uint64_t address = address_of(i);

	if (i % KINDS == UNMAPPED)
		return !done;
	return memory_matches(sweep_target(), address, done, i + 2) &&
	       memory_is(sweep_target(), address + done, length_of(i) - done, 0);
}

/* 1 if what was injected is what the segment failed by. */
static unsigned int check_segment(size_t i, enum fault fault, bool (*is_moved)(size_t, size_t))
{
	int64_t result = segments[i].result;

	assert_true(is_moved(i, result < 0 ? 0 : result));
	if (i % KINDS == UNMAPPED) {
		assert_int_equal(result, -EIO);
		return 0;
	}
	if (result == (int64_t)length_of(i))
		return 0;
	assert_int_not_equal(fault, FAULT_NONE);
	if (result <= 0)
		assert_int_equal(result, fault == FAULT_COPY ? -EFAULT : -ENOMEM);
	return 1;
}

/* A batch that failed: that it did may also have been found out when it was over. */
static void check_failed(enum fault fault, bool (*is_moved)(size_t, size_t))
{
	for (size_t i = 0; i < SEGMENTS; i++) {
		bool none = is_moved(i, 0);

		if (!none && fault == FAULT_COPY)
			none = is_moved(i, length_of(i));
		assert_true(none);
	}
}

static void check(int64_t result, enum fault fault, bool (*is_moved)(size_t, size_t))
{
	unsigned int failed = 0;

	if (result < 0) {
		check_failed(fault, is_moved);
		return;
	}
	/* Its array turned out to be bad: that ends a batch early. */
	if (result < SEGMENTS)
		assert_int_equal(fault, FAULT_COPY);
	for (int64_t i = 0; i < result; i++)
		failed += check_segment(i, fault, is_moved);
	assert_in_range(failed, 0, 1);
	for (size_t i = result; i < SEGMENTS; i++)
		assert_true(is_moved(i, 0));
}

static void check_read(int64_t result, enum fault fault)
{
	check(result, fault, is_read);
}

static void check_write(int64_t result, enum fault fault)
{
	check(result, fault, is_written);
}

static const struct sweep batches[] = {
	{ .name = "MEMRW_IOC_READV", .prepare = prepare_read, .call = read_all,
	  .check = check_read, .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY) },
	{ .name = "MEMRW_IOC_WRITEV", .prepare = prepare_write, .call = write_all,
	  .check = check_write, .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY) },
};

int main(void)
{
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(batches); i++)
		sweep_add(&list, &batches[i]);
	return sweep_run(&list);
}
