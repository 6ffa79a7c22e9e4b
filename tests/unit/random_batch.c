// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random batches, each done three times to targets that are alike: at once, one
 * segment after another, and one after another on procfs.  Results, bytes and
 * the memory that is left must be the same.
 *
 * MEMRW_SEED      the number that a run printed, to have the same again
 * MEMRW_BATCHES   how many (default: 10000)
 */
#include "support/arena.h"
#include "support/twin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#define WAYS		3
#define SEGMENTS	100

/* The most bytes of a segment. */
#define LONGEST		(4 * PAGE)

enum way { AT_ONCE, ONE_BY_ONE, ON_PROCFS };

/*
 * struct side - one of the three
 * @buffers: for the segments, one behind the other; where they end, there is
 *	memory that may not be touched
 */
static struct side {
	struct twin twin;
	struct memrw_target *target;
	unsigned char *buffers;
	struct memrw_target_segment segments[SEGMENTS];
} sides[WAYS];

/* The third, for MEMRW_FORCE: on the driver, where the kernel keeps that to debuggers. */
static struct memrw_target *forced_on_procfs;
static uint64_t state_of_random;

/*
 * Chance
 */

static uint64_t next_random(void)
{
	/* xorshift64* */
	state_of_random ^= state_of_random >> 12;
	state_of_random ^= state_of_random << 25;
	state_of_random ^= state_of_random >> 27;
	return state_of_random * 0x2545f4914f6cdd1d >> 8;
}

static size_t below(size_t limit)
{
	return next_random() % limit;
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static unsigned long choose_seed(void)
{
	uint32_t seed = 1;

	if (getrandom(&seed, sizeof(seed), 0) < 0)
		fail();
	return from_environment("MEMRW_SEED", seed);
}

/*
 * A batch
 */

static const unsigned int flag_sets[] = {
	0, 0, 0, MEMRW_NO_POPULATE, MEMRW_FORCE, MEMRW_FORCE | MEMRW_NO_POPULATE,
};

static size_t random_length(void)
{
	switch (below(32)) {
	case 0:
		return below(3);
	case 1:
		return below(LONGEST) + 1;
	case 2 ... 5:
		return below(200);
	case 6 ... 11:
		return below(64) + 1;
	default:
		return 1UL << below(4);
	}
}

static size_t random_count(void)
{
	switch (below(32)) {
	case 0:
		return below(SEGMENTS) + 1;
	default:
		return below(7) + 1;
	}
}

static size_t buffers_length(void)
{
	return SEGMENTS * PAGE + LONGEST;
}

/* Where in the buffers, for a segment that fits behind the one before it. */
static size_t random_buffer(size_t *used, size_t length)
{
	size_t buffer = *used;

	/* It ends too early, or is not there at all. */
	if (below(32) == 0)
		return buffers_length() - below(2) * (length / 2);
	if (length > buffers_length() - LONGEST - *used)
		*used = buffer = 0;
	*used += length;
	return buffer;
}

static size_t make_batch(void)
{
	size_t count = random_count(), used = 0, i, length, buffer;
	uint64_t address;
	int way;

	for (i = 0; i < count; i++) {
		length = random_length();
		/* Neighbours, as often as not. */
		address = i && below(2) ? sides[0].segments[i - 1].address + below(64) :
					  twin_address(next_random());
		buffer = random_buffer(&used, length);
		for (way = 0; way < WAYS; way++)
			sides[way].segments[i] = (struct memrw_target_segment){
				.address = address,
				.buffer = sides[way].buffers + buffer,
				.length = length,
				.result = -4711,
			};
	}
	return count;
}

static size_t bytes_in_buffers(const struct side *side, const struct memrw_target_segment *segment)
{
	size_t room = side->buffers + buffers_length() - (unsigned char *)segment->buffer;

	return segment->length < room ? segment->length : room;
}

/* Bytes that only this batch has; they are the same for all. */
static void fill_buffers(size_t count)
{
	size_t i;
	int way;

	for (i = 0; i < count; i++) {
		unsigned char byte = next_random();

		for (way = 0; way < WAYS; way++) {
			const struct memrw_target_segment *segment = &sides[way].segments[i];

			memset(segment->buffer, byte, bytes_in_buffers(&sides[way], segment));
		}
	}
}

/*
 * Doing it
 */

static void do_one(struct memrw_target *target, struct memrw_target_segment *segment,
		   bool write, unsigned int flags)
{
	ssize_t moved;

	if (write)
		moved = memrw_target_write(target, segment->address, segment->buffer,
					   segment->length, flags);
	else
		moved = memrw_target_read(target, segment->address, segment->buffer,
					  segment->length, flags);
	segment->result = moved < 0 ? -errno : moved;
}

static void do_at_once(size_t count, bool write, unsigned int flags)
{
	struct side *side = &sides[AT_ONCE];
	ssize_t done;

	if (write)
		done = memrw_target_writev(side->target, side->segments, count, flags);
	else
		done = memrw_target_readv(side->target, side->segments, count, flags);
	assert_int_equal(done, count);
}

static void do_batch(size_t count, bool write, unsigned int flags)
{
	struct memrw_target *procfs = sides[ON_PROCFS].target;
	size_t i;

	if (flags & MEMRW_FORCE)
		procfs = forced_on_procfs;
	do_at_once(count, write, flags);
	for (i = 0; i < count; i++)
		do_one(sides[ONE_BY_ONE].target, &sides[ONE_BY_ONE].segments[i], write, flags);
	for (i = 0; i < count; i++)
		do_one(procfs, &sides[ON_PROCFS].segments[i], write, flags);
}

/*
 * Comparing
 */

static bool is_bad(ssize_t result)
{
	return result == -EIO || result == -EFAULT;
}

/* Where both the buffer and the target's memory are bad, a backend may tell either. */
static bool results_agree(const struct side *one, const struct side *other, size_t i)
{
	ssize_t a = one->segments[i].result, b = other->segments[i].result;

	return a == b || (other == &sides[ON_PROCFS] && is_bad(a) && is_bad(b) &&
			  !bytes_in_buffers(one, &one->segments[i]));
}

static const char *difference(const struct side *one, const struct side *other, size_t i)
{
	const struct memrw_target_segment *a = &one->segments[i], *b = &other->segments[i];

	if (!results_agree(one, other, i))
		return "result";
	if (memcmp(a->buffer, b->buffer, bytes_in_buffers(one, a)))
		return "bytes";
	return NULL;
}

static void compare_segment(size_t i, int way, bool write, unsigned int flags)
{
	const struct memrw_target_segment *segment = &sides[AT_ONCE].segments[i];
	const char *what = difference(&sides[AT_ONCE], &sides[way], i);

	if (!what)
		return;
	print_message("# %s %zu bytes at 0x%jx, flags %u, segment %zu: at once %zd, %s %zd: not the same %s\n",
		      write ? "writing" : "reading", segment->length,
		      (uintmax_t)segment->address, flags, i, segment->result,
		      way == ON_PROCFS ? "on procfs" : "one by one",
		      sides[way].segments[i].result, what);
	fail();
}

static void compare_memory(int way)
{
	uint64_t address;

	if (twins_alike(&sides[AT_ONCE].twin, &sides[way].twin, &address))
		return;
	print_message("# not the same memory at 0x%jx %s\n", (uintmax_t)address,
		      way == ON_PROCFS ? "on procfs" : "one by one");
	fail();
}

static void try_batch(void)
{
	unsigned int flags = flag_sets[below(sizeof(flag_sets) / sizeof(*flag_sets))];
	bool write = below(2);
	size_t count = make_batch(), i;

	fill_buffers(count);
	do_batch(count, write, flags);
	for (i = 0; i < count; i++) {
		compare_segment(i, ONE_BY_ONE, write, flags);
		compare_segment(i, ON_PROCFS, write, flags);
	}
}

static void a_batch_is_one_segment_after_another(void **state)
{
	unsigned long seed = choose_seed(), batches, i;

	(void)state;
	batches = from_environment("MEMRW_BATCHES", 10000);
	print_message("# MEMRW_SEED=%lu\n", seed);
	state_of_random = seed * 0x9e3779b97f4a7c15 + 1;
	for (i = 0; i < batches; i++) {
		try_batch();
		if (i % 100 && i != batches - 1)
			continue;
		compare_memory(ONE_BY_ONE);
		compare_memory(ON_PROCFS);
	}
}

/*
 * Setting up
 */

static unsigned char *map_buffers(void)
{
	unsigned char *buffers;

	buffers = mmap(NULL, buffers_length() + PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(buffers != MAP_FAILED);
	assert_int_equal(mprotect(buffers + buffers_length(), PAGE, PROT_NONE), 0);
	return buffers;
}

static struct memrw_target *open_twin(int way, enum memrw_backend via)
{
	struct memrw_target *target;

	target = memrw_target_open(sides[way].twin.child.pid, via, 0);
	assert_non_null(target);
	return target;
}

/* Debian keeps FORCE on procfs to debuggers from Linux 7 on. */
static bool procfs_has_force(void)
{
	static char here[1] = "x";
	struct memrw_target *self;
	void *page;
	bool has;

	page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	self = memrw_target_open(getpid(), MEMRW_BACKEND_PROCFS, 0);
	assert_true(page != MAP_FAILED && self);
	has = memrw_target_write(self, (uintptr_t)page, here, 1, MEMRW_FORCE) == 1;
	memrw_target_close(self);
	munmap(page, PAGE);
	return has;
}

static int start(void **state)
{
	int way;

	(void)state;
	twins_reserve();
	for (way = 0; way < WAYS; way++) {
		twin_start(&sides[way].twin);
		sides[way].target = open_twin(way, way == ON_PROCFS ?
					      MEMRW_BACKEND_PROCFS : unit_via());
		sides[way].buffers = map_buffers();
	}
	forced_on_procfs = open_twin(ON_PROCFS, procfs_has_force() ?
				     MEMRW_BACKEND_PROCFS : unit_via());
	return 0;
}

static int stop(void **state)
{
	int way;

	(void)state;
	memrw_target_close(forced_on_procfs);
	for (way = 0; way < WAYS; way++) {
		munmap(sides[way].buffers, buffers_length() + PAGE);
		memrw_target_close(sides[way].target);
		twin_stop(&sides[way].twin);
	}
	twins_release();
	return 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(a_batch_is_one_segment_after_another, start, stop),
};

unit_main(tests)
