// SPDX-License-Identifier: GPL-2.0-only
/* Many transfers in one call.  See random_batch.c for what they are equal to. */
#include "support/arena.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>
#include <sys/time.h>

/* More than any call of the kernel takes at once. */
#define MANY	5000
#define LONGEST	64

static uintptr_t arena;
static struct child child;
static struct memrw_target *target;

static struct memrw_target_segment segments[MANY];
static unsigned char buffers[MANY][LONGEST];
static unsigned int seed;

enum { DO_EXIT, DO_EXEC, DO_EXEC_UNRANDOMISED };

static long exec_or_exit(long how)
{
	if (how == DO_EXEC_UNRANDOMISED)
		personality(ADDR_NO_RANDOMIZE);
	if (how != DO_EXIT)
		child_exec(0);
	_exit(0);
}

static void start(child_fn fn)
{
	child_start(&child, fn);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
}

static int open_arena(void **state)
{
	(void)state;
	arena = arena_map();
	start(exec_or_exit);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	memrw_target_close(target);
	target = NULL;
	child_stop(&child);
	arena_unmap(arena);
	return 0;
}

static void set_segment(size_t i, uint64_t address, void *buffer, size_t length)
{
	segments[i] = (struct memrw_target_segment){
		.address = address,
		.buffer = buffer,
		.length = length,
		.result = -4711,
	};
}

/* Anywhere in the arena, each with a buffer of its own. */
static void set_random_segments(size_t count)
{
	size_t i, offset;

	for (i = 0; i < count; i++) {
		offset = rand_r(&seed) % (ARENA_PAGES * PAGE);
		set_segment(i, arena + offset, buffers[i],
			    1 + rand_r(&seed) % LONGEST);
		memset(buffers[i], i, LONGEST);
	}
}

static ssize_t expected_result(size_t i, bool write, unsigned int flags)
{
	size_t moved = arena_expect(segments[i].address - arena,
				    segments[i].length, write,
				    flags & MEMRW_FORCE);

	return moved ? (ssize_t)moved : -EIO;
}

/*
 * Results
 */

static void assert_read(size_t i, unsigned int flags)
{
	size_t offset = segments[i].address - arena, byte;

	assert_int_equal(segments[i].result, expected_result(i, false, flags));
	for (byte = 0; byte < LONGEST; byte++)
		assert_int_equal(buffers[i][byte],
				 (ssize_t)byte < segments[i].result ?
				 arena_byte(offset + byte) : (unsigned char)i);
}

static void read_many(size_t count, unsigned int flags)
{
	size_t i;

	set_random_segments(count);
	assert_int_equal(memrw_target_readv(target, segments, count, flags), count);
	for (i = 0; i < count; i++)
		assert_read(i, flags);
}

static void readv_gives_every_segment_its_own_result(void **state)
{
	(void)state;
	read_many(1, 0);
	read_many(2, 0);
	read_many(47, 0);
	read_many(MANY, 0);
}

static void readv_takes_flags(void **state)
{
	(void)state;
	read_many(300, MEMRW_NO_POPULATE);
	read_many(300, MEMRW_FORCE);
	read_many(300, MEMRW_FORCE | MEMRW_NO_POPULATE);
}

static void peek_arena(unsigned char *bytes)
{
	size_t page;

	for (page = 0; page < ARENA_PAGES; page++)
		if (arena_kinds[page] != PAGE_HOLE)
			peek(child.pid, arena + page * PAGE, bytes + page * PAGE, PAGE);
}

static void write_many(size_t count, unsigned int flags)
{
	static unsigned char expected[ARENA_PAGES * PAGE_MAX], now[ARENA_PAGES * PAGE_MAX];
	ssize_t result;
	size_t i;

	peek_arena(expected);
	set_random_segments(count);
	assert_int_equal(memrw_target_writev(target, segments, count, flags), count);
	for (i = 0; i < count; i++) {
		result = expected_result(i, true, flags);
		assert_int_equal(segments[i].result, result);
		if (result > 0)
			memcpy(expected + (segments[i].address - arena), buffers[i], result);
	}
	peek_arena(now);
	assert_memory_equal(now, expected, ARENA_PAGES * PAGE);
}

static void writev_gives_every_segment_its_own_result(void **state)
{
	(void)state;
	write_many(1, 0);
	write_many(2, 0);
	write_many(47, 0);
	write_many(MANY, 0);
}

static void writev_takes_flags(void **state)
{
	(void)state;
	write_many(300, MEMRW_FORCE);
}

static void a_batch_of_nothing(void **state)
{
	(void)state;
	assert_int_equal(memrw_target_readv(target, NULL, 0, 0), 0);
	assert_int_equal(memrw_target_writev(target, NULL, 0, 0), 0);
}

static void segments_of_no_bytes_have_the_result_0(void **state)
{
	(void)state;
	set_segment(0, UINT64_MAX, NULL, 0);
	set_segment(1, arena, buffers[1], 8);
	set_segment(2, 0, NULL, 0);
	assert_int_equal(memrw_target_readv(target, segments, 3, 0), 3);
	assert_int_equal(segments[0].result, 0);
	assert_int_equal(segments[1].result, 8);
	assert_int_equal(segments[2].result, 0);
}

static void a_bad_buffer_costs_no_other_segment(void **state)
{
	unsigned char *page;
	size_t i;

	(void)state;
	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(page != MAP_FAILED);
	assert_int_equal(munmap(page + PAGE, PAGE), 0);
	set_random_segments(5);
	for (i = 0; i < 5; i++)
		set_segment(i, arena + 8 * i, buffers[i], 8);
	segments[1].buffer = NULL;
	segments[2].buffer = page + PAGE - 3;
	segments[3].buffer = (void *)INTPTR_MIN;

	assert_int_equal(memrw_target_readv(target, segments, 5, 0), 5);
	assert_int_equal(segments[0].result, 8);
	assert_int_equal(segments[1].result, -EFAULT);
	assert_int_equal(segments[2].result, 3);
	assert_int_equal(segments[3].result, -EFAULT);
	assert_int_equal(segments[4].result, 8);
	assert_int_equal(page[PAGE - 1], arena_byte(18));
	assert_int_equal(buffers[4][0], arena_byte(32));

	assert_int_equal(memrw_target_writev(target, segments, 5, 0), 5);
	assert_int_equal(segments[1].result, -EFAULT);
	assert_int_equal(segments[2].result, 3);
	assert_int_equal(segments[3].result, -EFAULT);
	assert_int_equal(segments[4].result, 8);
	munmap(page, PAGE);
}

static void addresses_that_no_process_has(void **state)
{
	const uint64_t addresses[] = {
		0, INT64_MAX - 7, INT64_MAX, (uint64_t)INT64_MAX + 1,
		0xffffffffff600000, UINT64_MAX - 3, UINT64_MAX,
	};
	const size_t count = sizeof(addresses) / sizeof(*addresses);
	size_t i;

	(void)state;
	for (i = 0; i < count; i++) {
		set_segment(2 * i, addresses[i], buffers[2 * i], 8);
		set_segment(2 * i + 1, arena, buffers[2 * i + 1], 8);
	}
	assert_int_equal(memrw_target_readv(target, segments, 2 * count, 0), 2 * count);
	for (i = 0; i < count; i++) {
		assert_int_equal(segments[2 * i].result, -EIO);
		assert_int_equal(segments[2 * i + 1].result, 8);
	}
}

static void segments_longer_than_any_transfer(void **state)
{
	/* With room behind it for as long as the kernel looks ahead. */
	const size_t room = SIZE_MAX > UINT32_MAX ? 4096UL << 20 : 2048UL << 20;
	size_t first = arena_page(PAGE_HOLE) + 1;
	size_t rest = (ARENA_PAGES - first) * PAGE;
	void *bytes;

	(void)state;
	bytes = mmap(NULL, room, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(bytes != MAP_FAILED);
	set_segment(0, arena, buffers[0], 8);
	set_segment(1, arena + first * PAGE, bytes, SIZE_MAX);
	set_segment(2, arena + 8, buffers[2], 8);
	set_segment(3, arena + first * PAGE + 1, bytes, SIZE_MAX / 2 - PAGE_MAX);
	set_segment(4, arena + 16, buffers[4], 8);
	assert_int_equal(memrw_target_readv(target, segments, 5, 0), 5);
	assert_int_equal(segments[0].result, 8);
	assert_int_equal(segments[1].result, rest);
	assert_int_equal(segments[2].result, 8);
	assert_int_equal(segments[3].result, rest - 1);
	assert_int_equal(segments[4].result, 8);
	munmap(bytes, room);
}

/*
 * Order
 */

static void a_segment_reads_what_the_one_before_it_brought(void **state)
{
	struct memrw_target *self;

	(void)state;
	self = memrw_target_open(getpid(), unit_via(), 0);
	assert_non_null(self);
	memset(buffers[0], 'a', LONGEST);
	memset(buffers[1], 'b', LONGEST);
	memset(buffers[2], 'c', LONGEST);
	set_segment(0, (uintptr_t)buffers[0], buffers[1], 16);
	set_segment(1, (uintptr_t)buffers[1], buffers[2], 16);
	assert_int_equal(memrw_target_readv(self, segments, 2, 0), 2);
	assert_memory_equal(buffers[2], "aaaaaaaaaaaaaaaacccc", 20);
	memrw_target_close(self);
}

static void a_segment_writes_what_the_one_before_it_brought(void **state)
{
	unsigned char *shared, bytes[16];

	(void)state;
	close_arena(NULL);
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	open_arena(NULL);
	memset(buffers[0], 'a', LONGEST);
	set_segment(0, arena + 64, buffers[0], 16);
	set_segment(1, (uintptr_t)shared, buffers[0], 16);
	set_segment(2, arena, shared, 16);
	assert_int_equal(memrw_target_writev(target, segments, 3, 0), 3);
	peek(child.pid, arena, bytes, 16);
	assert_memory_equal(bytes, buffers[0], 16);
	munmap(shared, PAGE);
}

static void of_two_writes_to_one_place_the_last_remains(void **state)
{
	unsigned char bytes[4];

	(void)state;
	set_segment(0, arena, "aaaa", 4);
	set_segment(1, arena + 1, "bb", 2);
	set_segment(2, arena + 2, "c", 1);
	assert_int_equal(memrw_target_writev(target, segments, 3, 0), 3);
	peek(child.pid, arena, bytes, 4);
	assert_memory_equal(bytes, "abca", 4);
}

/*
 * Failures of the whole
 */

static void an_unknown_flag_fails(void **state)
{
	(void)state;
	set_random_segments(3);
	assert_errno(memrw_target_readv(target, segments, 3, 1U << 2), EINVAL);
	assert_errno(memrw_target_writev(target, segments, 3, 1U << 31), EINVAL);
	assert_errno(memrw_target_readv(target, NULL, 0, 1U << 2), EINVAL);
	assert_int_equal(segments[0].result, -4711);
}

static void writev_on_a_target_opened_for_reading_fails(void **state)
{
	struct memrw_target *reader;

	(void)state;
	reader = memrw_target_open(child.pid, unit_via(), MEMRW_OPEN_READ_ONLY);
	assert_non_null(reader);
	set_random_segments(3);
	assert_errno(memrw_target_writev(reader, segments, 3, 0), EACCES);
	assert_errno(memrw_target_writev(reader, NULL, 0, 0), EACCES);
	assert_int_equal(memrw_target_readv(reader, segments, 3, 0), 3);
	memrw_target_close(reader);
}

static void assert_lost(int expected)
{
	size_t i, count;

	for (count = 1; count <= 3; count++) {
		for (i = 0; i < count; i++)
			set_segment(i, arena + 8 * i, buffers[i], 8);
		assert_errno(memrw_target_readv(target, segments, count, 0), expected);
		assert_errno(memrw_target_readv(target, segments, count, MEMRW_NO_POPULATE),
			     expected);
		assert_errno(memrw_target_writev(target, segments, count, 0), expected);
		assert_int_equal(segments[0].result, -4711);
	}
}

static void a_target_that_has_exited_fails(void **state)
{
	(void)state;
	assert_int_equal(child_call(&child, DO_EXIT), -1);
	child_wait_zombie(&child);
	assert_lost(ESRCH);
}

static void a_target_that_runs_another_program_fails(void **state)
{
	(void)state;
	assert_int_equal(child_call(&child, DO_EXEC), CHILD_NEW_IMAGE);
	assert_lost(ESTALE);
}

/* Where the first file is: any image of the same program has that. */
static uint64_t address_of_file(void)
{
	struct memrw_region_iter *iter = memrw_region_iter_open(target);
	struct memrw_region region;

	assert_non_null(iter);
	do {
		assert_int_equal(memrw_region_iter_next(iter, &region), 1);
	} while (region.name[0] != '/');
	memrw_region_iter_close(iter);
	return region.start;
}

static void a_target_that_runs_the_same_program_again_fails(void **state)
{
	uint64_t address;
	size_t i;

	(void)state;
	memrw_target_close(target);
	assert_int_equal(child_call(&child, DO_EXEC_UNRANDOMISED), CHILD_NEW_IMAGE);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
	address = address_of_file();
	for (i = 0; i < 3; i++)
		set_segment(i, address, buffers[i], 4);
	assert_int_equal(memrw_target_readv(target, segments, 3, 0), 3);
	assert_memory_equal(buffers[2], "\177ELF", 4);

	assert_int_equal(child_call(&child, CHILD_EXEC_AGAIN), CHILD_NEW_IMAGE);
	assert_errno(memrw_target_readv(target, segments, 3, 0), ESTALE);
}

static void a_target_that_leaves_its_memory_to_its_parent_fails(void **state)
{
	(void)state;
	memrw_target_close(target);
	child_stop(&child);
	child_start_vforked(&child, exec_or_exit);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
	read_many(3, 0);
	assert_int_equal(child_call(&child, DO_EXEC), CHILD_NEW_IMAGE);
	assert_lost(ESTALE);
}

/*
 * Signals
 */

static void do_nothing(int signal)
{
	(void)signal;
}

static void start_alarms(void)
{
	const struct itimerval often = { { 0, 300 }, { 0, 300 } };
	const struct sigaction action = { .sa_handler = do_nothing };

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
}

static void stop_alarms(void)
{
	const struct itimerval never = { 0 };

	setitimer(ITIMER_REAL, &never, NULL);
	signal(SIGALRM, SIG_DFL);
}

/* Returns how often a signal ended a call early. */
static int read_to_the_end(size_t count)
{
	int interrupted = 0;
	size_t done = 0;
	ssize_t did;

	while (done < count) {
		did = memrw_target_readv(target, segments + done, count - done, 0);
		if (did < 0)
			assert_int_equal(errno, EINTR);
		else
			done += did;
		interrupted += done < count;
	}
	assert_int_equal(done, count);
	return interrupted;
}

static void a_batch_goes_on_where_a_signal_ended_it(void **state)
{
	int interrupted = 0, tries;
	size_t i;

	(void)state;
	start_alarms();
	for (tries = 0; tries < 50; tries++) {
		set_random_segments(MANY);
		interrupted += read_to_the_end(MANY);
	}
	stop_alarms();
	for (i = 0; i < MANY; i++)
		assert_read(i, 0);
	/* procfs has no call that a signal would end. */
	if (unit_via() == MEMRW_BACKEND_DRIVER)
		assert_true(interrupted > 0);
	else
		assert_int_equal(interrupted, 0);
}

#define arena_test(fn) cmocka_unit_test_setup_teardown(fn, open_arena, close_arena)

static const struct CMUnitTest tests[] = {
	arena_test(readv_gives_every_segment_its_own_result),
	arena_test(readv_takes_flags),
	arena_test(writev_gives_every_segment_its_own_result),
	arena_test(writev_takes_flags),
	arena_test(a_batch_of_nothing),
	arena_test(segments_of_no_bytes_have_the_result_0),
	arena_test(a_bad_buffer_costs_no_other_segment),
	arena_test(addresses_that_no_process_has),
	arena_test(segments_longer_than_any_transfer),
	arena_test(a_segment_reads_what_the_one_before_it_brought),
	arena_test(a_segment_writes_what_the_one_before_it_brought),
	arena_test(of_two_writes_to_one_place_the_last_remains),
	arena_test(an_unknown_flag_fails),
	arena_test(writev_on_a_target_opened_for_reading_fails),
	arena_test(a_target_that_has_exited_fails),
	arena_test(a_target_that_runs_another_program_fails),
	arena_test(a_target_that_runs_the_same_program_again_fails),
	arena_test(a_target_that_leaves_its_memory_to_its_parent_fails),
	arena_test(a_batch_goes_on_where_a_signal_ended_it),
};

unit_main(tests)
