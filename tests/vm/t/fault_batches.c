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

static uint64_t address_of(size_t i, uint64_t private, uint64_t shared)
{
	switch ((enum kind)(i % KINDS)) {
	case PRESENT:
		return private + i * 8;
	case UNTOUCHED:
		return sweep_untouched() + i / KINDS * PAGE;
	case SHARED:
		return shared + i / KINDS * 2 * PAGE;
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
		segments[i] = segment(address_of(i, sweep_private(), sweep_shared()), buffers[i],
				      length_of(i));
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

static bool all_are(const uint8_t *bytes, size_t from, size_t to, uint8_t value)
{
	for (size_t i = from; i < to; i++) {
		if (bytes[i] != value)
			return false;
	}
	return true;
}

/* Is what segment @i reads there, @done bytes of it and nothing behind? */
static bool is_read(size_t i, size_t done)
{
	size_t offset = i % KINDS == PRESENT ? i * 8 : i / KINDS * 2 * PAGE;

	if (!all_are(buffers[i], done, length_of(i), FILLER))
		return false;
	if (i % KINDS == UNTOUCHED)
		return all_are(buffers[i], 0, done, 0);
	return pattern_matches(buffers[i], done, offset, 1);
}

/* Is what segment @i writes, in the target, which this runs in? */
static bool is_written(const uint8_t *bytes, size_t i, size_t done)
{
	return pattern_matches(bytes, done, 0, i + 2) && all_are(bytes, done, length_of(i), 0);
}

/*
 * What a batch says of itself: the bytes that each segment has moved; or, with
 * @or_all, each of them that or all that it has.
 */
struct claim {
	uint64_t private, shared;
	uint32_t moved[SEGMENTS];
	bool or_all;
};

/* In the target: the segment that it is not true of, or -1. */
static long find_untrue_write(void *arg)
{
	const struct claim *claim = arg;

	for (size_t i = 0; i < SEGMENTS; i++) {
		uint64_t address = address_of(i, claim->private, claim->shared);
		const uint8_t *bytes = (const uint8_t *)(uintptr_t)address;

		if (i % KINDS == UNMAPPED || is_written(bytes, i, claim->moved[i]))
			continue;
		if (!claim->or_all || !is_written(bytes, i, length_of(i)))
			return i;
	}
	return -1;
}

static long find_untrue_read(const struct claim *claim)
{
	for (size_t i = 0; i < SEGMENTS; i++) {
		if (!is_read(i, claim->moved[i]) &&
		    !(claim->or_all && is_read(i, length_of(i))))
			return i;
	}
	return -1;
}

/* 1 if what was injected is what the segment failed by. */
static unsigned int check_segment(size_t i, enum fault fault)
{
	int64_t result = segments[i].result;

	/* Nothing is there; but what is to be written is taken from the caller first. */
	if (i % KINDS == UNMAPPED)
		assert_true(result < 0);
	if (result == (i % KINDS == UNMAPPED ? -EIO : (int64_t)length_of(i)))
		return 0;
	assert_int_not_equal(fault, FAULT_NONE);
	if (result <= 0)
		assert_int_equal(result, fault == FAULT_COPY ? -EFAULT : -ENOMEM);
	return 1;
}

/*
 * A batch that failed has moved nothing, unless the last copy was what failed: then
 * all was over.  One that ended early found its array to be bad.
 */
static struct claim claim_of(int64_t result, enum fault fault)
{
	struct claim claim = {
		.private = sweep_private(),
		.shared = sweep_shared(),
		.or_all = result < 0 && fault == FAULT_COPY,
	};
	unsigned int failed = 0;

	if (result >= 0 && result < SEGMENTS)
		assert_int_equal(fault, FAULT_COPY);
	for (int64_t i = 0; i < result; i++) {
		failed += check_segment(i, fault);
		claim.moved[i] = segments[i].result < 0 ? 0 : segments[i].result;
	}
	assert_in_range(failed, 0, 1);
	return claim;
}

static void check_read(int64_t result, enum fault fault)
{
	struct claim claim = claim_of(result, fault);

	assert_int_equal(find_untrue_read(&claim), -1);
}

static void check_write(int64_t result, enum fault fault)
{
	struct claim claim = claim_of(result, fault);

	assert_int_equal(worker_call(sweep_target(), find_untrue_write, &claim, sizeof(claim)),
			 -1);
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
