// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_IOC_ATOMIC: one access to a word of the target that nothing comes between. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/uffd.h"
#include "lib/worker.h"

#define ADDITIONS	20000
#define COMPARISONS	1000	/* most are in vain while the target is at it */
#define PROMPT_MS	5000	/* so soon counts as promptly, on a slow machine */

static struct worker *target;
static uint64_t address;	/* a page of zeros, and one behind it */
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_anonymous(target, 2 * PAGE);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static const unsigned int widths[] = { 1, 2, 4, 8 };

static uint64_t mask(unsigned int width)
{
	return ~0ULL >> (64 - 8 * width);
}

static struct memrw_atomic operation(__u32 op, unsigned int width, uint64_t operand)
{
	return (struct memrw_atomic){ .address = address, .op = op, .width = width,
				      .operand = operand };
}

static struct memrw_atomic compare_exchange(unsigned int width, uint64_t expected, uint64_t operand)
{
	struct memrw_atomic atomic = operation(MEMRW_ATOMIC_COMPARE_EXCHANGE, width, operand);

	atomic.expected = expected;
	return atomic;
}

/*
 * Each operation on each width.  The word is in the middle of others, which
 * have to stay: by what the target sees.
 */

#define BEFORE	0xf1e2d3c4b5a69788ULL
#define OTHERS	0x6b6b6b6b6b6b6b6bULL

static uint64_t run(struct memrw_atomic atomic)
{
	uint64_t old = 0;

	memory_poke(target, address, BEFORE);
	memory_poke(target, address + 8, OTHERS);
	assert_int_equal(session_atomic(session, atomic, &old), 0);
	assert_int_equal(memory_peek(target, address + 8), OTHERS);
	return old;
}

/* The word has become @low, and what is beside it in the same 8 bytes has stayed. */
static void assert_word(unsigned int width, uint64_t low)
{
	assert_int_equal(memory_peek(target, address),
			 (BEFORE & ~mask(width)) | (low & mask(width)));
}

static void load_returns_the_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		assert_int_equal(run(operation(MEMRW_ATOMIC_LOAD, widths[i], 0)),
				 BEFORE & mask(widths[i]));
		assert_word(widths[i], BEFORE);
	}
}

static void store_replaces_the_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		assert_int_equal(run(operation(MEMRW_ATOMIC_STORE, widths[i], 0x1122334455667788)),
				 0);
		assert_word(widths[i], 0x1122334455667788);
	}
}

static void exchange_replaces_the_word_and_returns_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		assert_int_equal(run(operation(MEMRW_ATOMIC_EXCHANGE, widths[i], 0x1122334455667788)),
				 BEFORE & mask(widths[i]));
		assert_word(widths[i], 0x1122334455667788);
	}
}

static void add_adds_and_returns_what_was_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		assert_int_equal(run(operation(MEMRW_ATOMIC_ADD, widths[i], 0x1f)),
				 BEFORE & mask(widths[i]));
		assert_word(widths[i], BEFORE + 0x1f);
	}
}

static void add_wraps_without_a_carry_into_what_is_beside(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		run(operation(MEMRW_ATOMIC_ADD, widths[i], mask(widths[i])));
		assert_word(widths[i], BEFORE - 1);
		run(operation(MEMRW_ATOMIC_ADD, widths[i], -BEFORE));
		assert_word(widths[i], 0);
	}
}

static void compare_exchange_replaces_what_is_expected(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		unsigned int width = widths[i];

		assert_int_equal(run(compare_exchange(width, BEFORE & mask(width), 0x77)),
				 BEFORE & mask(width));
		assert_word(width, 0x77);
	}
}

static void compare_exchange_leaves_what_is_not_expected(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		unsigned int width = widths[i];

		for (unsigned int bit = 0; bit < 8 * width; bit++) {
			uint64_t other = (BEFORE ^ 1ULL << bit) & mask(width);

			assert_int_equal(run(compare_exchange(width, other, 0x77)),
					 BEFORE & mask(width));
			assert_word(width, BEFORE);
		}
	}
}

/* Only the low bytes of the operand and of what is expected count. */
static void what_is_above_the_width_does_not_count(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint64_t above = ~mask(widths[i]), low = mask(widths[i]);

		run(operation(MEMRW_ATOMIC_STORE, widths[i], above | 0x12));
		assert_word(widths[i], 0x12);
		run(operation(MEMRW_ATOMIC_EXCHANGE, widths[i], above | 0x13));
		assert_word(widths[i], 0x13);
		run(operation(MEMRW_ATOMIC_ADD, widths[i], above | 1));
		assert_word(widths[i], BEFORE + 1);
		assert_int_equal(run(compare_exchange(widths[i], (BEFORE & low) | (~BEFORE & above),
						      above | 0x14)), BEFORE & low);
		assert_word(widths[i], 0x14);
	}
}

static void every_place_of_a_page_is_reached(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		for (size_t at = 0; at < PAGE; at += 64 - widths[i]) {
			struct memrw_atomic add = operation(MEMRW_ATOMIC_ADD, widths[i], 1);
			uint64_t old = 1;

			at &= -(size_t)widths[i];
			add.address += at;
			assert_int_equal(session_atomic(session, add, NULL), 0);
			add.op = MEMRW_ATOMIC_EXCHANGE;
			add.operand = 0;
			assert_int_equal(session_atomic(session, add, &old), 0);
			assert_int_equal(old, 1);
		}
	}
	assert_true(memory_is(target, address, 2 * PAGE, 0));
}

/*
 * What is refused, one invalid thing at a time; the word stays.
 */

static void assert_refused(struct memrw_atomic atomic, int error)
{
	memory_poke(target, address, BEFORE);
	assert_int_equal(session_atomic(session, atomic, NULL), error);
	assert_int_equal(memory_peek(target, address), BEFORE);
}

static void an_unknown_operation_is_einval(void **state)
{
	(void)state;
	assert_refused(operation(MEMRW_ATOMIC_COMPARE_EXCHANGE + 1, 8, 0), -EINVAL);
	assert_refused(operation(0x80000000, 8, 0), -EINVAL);
	assert_refused(operation(~0U, 8, 0), -EINVAL);
}

static void another_width_is_einval(void **state)
{
	static const unsigned int others[] = { 0, 3, 5, 6, 7, 9, 16, 32, 64, 0x80000000, ~0U };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_refused(operation(MEMRW_ATOMIC_ADD, others[i], 1), -EINVAL);
}

static void an_address_that_is_not_aligned_is_einval(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		for (unsigned int off = 1; off < widths[i]; off++) {
			struct memrw_atomic add = operation(MEMRW_ATOMIC_ADD, widths[i], 1);

			add.address += off;
			assert_refused(add, -EINVAL);
			/* Also where it is across two pages, or nowhere. */
			add.address = address + PAGE - widths[i] + off;
			assert_refused(add, -EINVAL);
			add.address = off;
			assert_refused(add, -EINVAL);
		}
	}
}

static void a_load_with_an_operand_is_einval(void **state)
{
	(void)state;
	assert_refused(operation(MEMRW_ATOMIC_LOAD, 8, 1), -EINVAL);
	assert_refused(operation(MEMRW_ATOMIC_LOAD, 4, 1ULL << 63), -EINVAL);
}

static void something_expected_is_einval_but_for_compare_exchange(void **state)
{
	(void)state;
	for (__u32 op = 0; op < MEMRW_ATOMIC_COMPARE_EXCHANGE; op++) {
		struct memrw_atomic atomic = operation(op, 8, 0);

		atomic.expected = 1;
		assert_refused(atomic, -EINVAL);
	}
}

static void memory_that_is_not_there_is_eio(void **state)
{
	static const uint64_t nowhere[] = { 0, 0xffffffff81000000, ~7ULL, 0x8000000000000000 };

	(void)state;
	memory_unmap(target, address + PAGE, PAGE);
	for (__u32 op = 0; op <= MEMRW_ATOMIC_COMPARE_EXCHANGE; op++) {
		struct memrw_atomic atomic = operation(op, 8, 0);

		atomic.address = address + PAGE;
		assert_refused(atomic, -EIO);
		atomic.flags = MEMRW_FORCE;
		assert_refused(atomic, -EIO);
		for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
			atomic.address = nowhere[i];
			assert_refused(atomic, -EIO);
		}
	}
}

/*
 * Descriptors and targets
 */

static int reopen(int flags)
{
	int fd = session_open(flags);

	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	return fd;
}

static void a_read_only_descriptor_loads_and_does_no_more(void **state)
{
	int fd = reopen(O_RDONLY);
	uint64_t old = 0;

	(void)state;
	memory_poke(target, address, BEFORE);
	assert_int_equal(session_atomic(fd, operation(MEMRW_ATOMIC_LOAD, 8, 0), &old), 0);
	assert_int_equal(old, BEFORE);
	for (__u32 op = MEMRW_ATOMIC_STORE; op <= MEMRW_ATOMIC_COMPARE_EXCHANGE; op++)
		assert_int_equal(session_atomic(fd, operation(op, 8, 1), NULL), -EACCES);
	assert_int_equal(memory_peek(target, address), BEFORE);
}

static void a_write_only_descriptor_stores_and_does_no_more(void **state)
{
	int fd = reopen(O_WRONLY);

	(void)state;
	for (__u32 op = MEMRW_ATOMIC_LOAD; op <= MEMRW_ATOMIC_COMPARE_EXCHANGE; op++) {
		struct memrw_atomic atomic = operation(op, 8, op == MEMRW_ATOMIC_LOAD ? 0 : 9);
		uint64_t old = 77;
		bool store = op == MEMRW_ATOMIC_STORE;

		memory_poke(target, address, BEFORE);
		assert_int_equal(session_atomic(fd, atomic, &old), store ? 0 : -EACCES);
		assert_int_equal(old, 0);
		assert_int_equal(memory_peek(target, address), store ? 9 : BEFORE);
	}
}

static void without_a_target_an_operation_is_ebadfd(void **state)
{
	(void)state;
	assert_int_equal(session_atomic(session_open(O_RDWR), operation(MEMRW_ATOMIC_LOAD, 8, 0),
					NULL), -EBADFD);
}

static void after_the_targets_end_an_operation_is_esrch(void **state)
{
	(void)state;
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
	assert_int_equal(session_atomic(session, operation(MEMRW_ATOMIC_ADD, 8, 1), NULL), -ESRCH);
}

static void after_the_targets_execve_an_operation_is_estale(void **state)
{
	(void)state;
	worker_exec(target, helper_path("idle"));
	assert_int_equal(session_atomic(session, operation(MEMRW_ATOMIC_ADD, 8, 1), NULL),
			 -ESTALE);
}

/*
 * Memory of all kinds
 */

static void read_only_memory_is_eio_but_for_a_load(void **state)
{
	uint64_t old = 0;

	(void)state;
	memory_poke(target, address, BEFORE);
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(session_atomic(session, operation(MEMRW_ATOMIC_LOAD, 8, 0), &old), 0);
	assert_int_equal(old, BEFORE);
	for (__u32 op = MEMRW_ATOMIC_STORE; op <= MEMRW_ATOMIC_COMPARE_EXCHANGE; op++)
		assert_int_equal(session_atomic(session, operation(op, 8, 1), NULL), -EIO);
	assert_int_equal(memory_peek(target, address), BEFORE);
}

static void forced_operation_changes_read_only_private_memory(void **state)
{
	struct memrw_atomic add = operation(MEMRW_ATOMIC_ADD, 8, 1);
	uint64_t old = 0;

	(void)state;
	add.flags = MEMRW_FORCE;
	memory_poke(target, address, BEFORE);
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(session_atomic(session, add, &old), 0);
	assert_int_equal(old, BEFORE);
	assert_int_equal(memory_peek(target, address), BEFORE + 1);
	memory_protect(target, address, PAGE, PROT_NONE);
	add.op = MEMRW_ATOMIC_LOAD;
	add.operand = 0;
	assert_int_equal(session_atomic(session, add, &old), 0);
	assert_int_equal(old, BEFORE + 1);
	add.flags = 0;
	assert_int_equal(session_atomic(session, add, NULL), -EIO);
}

static void force_at_bind_is_for_every_operation(void **state)
{
	(void)state;
	memory_poke(target, address, BEFORE);
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(session_bind_flags(session, worker_pid(target), MEMRW_FORCE), 0);
	assert_int_equal(session_atomic(session, operation(MEMRW_ATOMIC_ADD, 8, 1), NULL), 0);
	assert_int_equal(memory_peek(target, address), BEFORE + 1);
}

static long long footprint(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", worker_pid(target));
	return file_number(path, "VmPTE:");
}

static void no_populate_loads_untouched_memory_without_growth(void **state)
{
	struct memrw_atomic load = { .op = MEMRW_ATOMIC_LOAD, .width = 8,
				     .flags = MEMRW_NO_POPULATE };
	uint64_t untouched = memory_map(target, 0, 128 * MIB, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	long long before = footprint();

	(void)state;
	for (load.address = untouched; load.address < untouched + 128 * MIB;
	     load.address += 4 * MIB) {
		uint64_t old = 1;

		assert_int_equal(session_atomic(session, load, &old), 0);
		assert_int_equal(old, 0);
	}
	assert_true(before > 0);
	assert_int_equal(footprint(), before);
}

static void an_operation_populates_all_the_same(void **state)
{
	struct memrw_atomic add = operation(MEMRW_ATOMIC_ADD, 4, 5);

	(void)state;
	add.flags = MEMRW_NO_POPULATE;
	add.address += PAGE;
	assert_int_equal(session_atomic(session, add, NULL), 0);
	assert_int_equal(memory_peek(target, address + PAGE), 5);
}

static void shared_memory_changes_for_all(void **state)
{
	uint64_t *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
				0);
	struct worker *sharer = worker_start(ROOT);
	struct memrw_atomic add = { .address = (uintptr_t)shared, .op = MEMRW_ATOMIC_ADD,
				    .width = 8, .operand = 3 };

	(void)state;
	*shared = 4;
	assert_int_equal(session_atomic(session_open_bound(worker_pid(sharer)), add, NULL), 0);
	assert_int_equal(*shared, 7);
	munmap(shared, PAGE);
}

static int new_file(uint64_t word)
{
	char path[] = "/tmp/memrw-XXXXXX";
	int file = mkostemp(path, O_CLOEXEC);

	assert_return_code(file, errno);
	unlink(path);
	assert_int_equal(ftruncate(file, PAGE), 0);
	assert_int_equal(pwrite(file, &word, 8, 0), 8);
	return file;
}

/* @flags: MAP_SHARED changes the file, MAP_PRIVATE the target's copy alone. */
static void assert_file_operation(int flags, uint64_t expected)
{
	int file = new_file(40);
	struct worker *mapper = worker_start(ROOT);
	struct memrw_atomic add = { .op = MEMRW_ATOMIC_ADD, .width = 8, .operand = 2 };
	uint64_t word = 0;

	add.address = memory_map(mapper, 0, PAGE, PROT_READ | PROT_WRITE, flags, file, 0);
	assert_int_equal(session_atomic(session_open_bound(worker_pid(mapper)), add, &word), 0);
	assert_int_equal(word, 40);
	assert_int_equal(memory_peek(mapper, add.address), 42);
	assert_int_equal(pread(file, &word, 8, 0), 8);
	assert_int_equal(word, expected);
	close(file);
}

static void a_file_mapped_shared_changes(void **state)
{
	(void)state;
	assert_file_operation(MAP_SHARED, 42);
}

static void a_file_mapped_privately_stays(void **state)
{
	(void)state;
	assert_file_operation(MAP_PRIVATE, 40);
}

static void executable_memory_changes(void **state)
{
	(void)state;
	memory_poke(target, address, BEFORE);
	assert_int_equal(memory_protect(target, address, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC),
			 0);
	assert_int_equal(run(operation(MEMRW_ATOMIC_ADD, 4, 1)), BEFORE & mask(4));
	assert_word(4, BEFORE + 1);
}

struct request {
	int session;
	struct memrw_atomic atomic;
};

static long run_operation(void *arg)
{
	const struct request *request = arg;

	return session_atomic(request->session, request->atomic, NULL);
}

static void who_waits_for_the_word_can_be_killed(void **state)
{
	struct request request = { session, operation(MEMRW_ATOMIC_LOAD, 8, 0) };
	struct worker *caller = worker_start(ROOT);

	(void)state;
	request.atomic.address = uffd_map(target, PAGE);
	worker_send(caller, run_operation, &request, sizeof(request));
	assert_true(uffd_wait_fault(target, PROMPT_MS));
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

/*
 * At the same time as others: nothing is lost
 */

/* Shared memory, so that each has it mapped by itself; or private, of the target's. */
struct board {
	atomic_bool start;
	atomic_ulong done, added;	/* of those who add from outside */
};

struct contest {
	struct board *board;
	uint64_t address;
	unsigned int width;
};

static void add_with_width(void *word, unsigned int width)
{
	switch (width) {
	case 1:
		__atomic_fetch_add((uint8_t *)word, 1, __ATOMIC_SEQ_CST);
		break;
	case 2:
		__atomic_fetch_add((uint16_t *)word, 1, __ATOMIC_SEQ_CST);
		break;
	case 4:
		__atomic_fetch_add((uint32_t *)word, 1, __ATOMIC_SEQ_CST);
		break;
	case 8:
		__atomic_fetch_add((uint64_t *)word, 1, __ATOMIC_SEQ_CST);
		break;
	}
}

/* The target's own, as long as the others go on and at least so many. */
static long add_in_target(void *arg)
{
	const struct contest *contest = arg;
	long count = 0;

	contest->board->start = true;
	while (count < ADDITIONS || contest->board->done < 2) {
		add_with_width((void *)(uintptr_t)contest->address, contest->width);
		count++;
	}
	return count;
}

static void *add_from_outside(void *arg)
{
	const struct contest *contest = arg;
	struct memrw_atomic add = { .address = contest->address, .op = MEMRW_ATOMIC_ADD,
				    .width = contest->width, .operand = 1 };
	int fd = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);
	uintptr_t failures = session_bind(fd, worker_pid(target)) != 0;

	while (!contest->board->start)
		;
	for (int i = 0; i < ADDITIONS; i++)
		failures += session_atomic(fd, add, NULL) != 0;
	contest->board->added += ADDITIONS;
	contest->board->done++;
	close(fd);
	return (void *)failures;
}

/* By compare-and-exchange, as a program does whose operation there is not. */
static void *add_by_comparing(void *arg)
{
	const struct contest *contest = arg;
	struct memrw_atomic atomic = { .address = contest->address, .width = contest->width,
				       .op = MEMRW_ATOMIC_COMPARE_EXCHANGE };
	uintptr_t failures = 0;
	uint64_t seen = 0;

	while (!contest->board->start)
		;
	for (int i = 0; i < COMPARISONS;) {
		atomic.expected = seen;
		atomic.operand = seen + 1;
		failures += session_atomic(session, atomic, &seen) != 0;
		if (seen == atomic.expected) {
			seen = (seen + 1) & mask(contest->width);
			i++;
		}
	}
	contest->board->added += COMPARISONS;
	contest->board->done++;
	return (void *)failures;
}

typedef void *(*adder)(void *arg);

static void assert_sum_is_exact(uint64_t word, unsigned int width, adder first, adder second)
{
	struct board *board = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				   -1, 0);
	struct contest contest = { .board = board, .address = word, .width = width };
	pthread_t threads[2];
	long count = 0;

	assert_ptr_not_equal(board, MAP_FAILED);
	/* Not the target's of setup(): it has not got the board. */
	target = worker_start(ROOT);
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	if (!word)
		contest.address = memory_map_anonymous(target, PAGE);
	memory_poke(target, contest.address, 0);
	worker_send(target, add_in_target, &contest, sizeof(contest));
	assert_int_equal(pthread_create(&threads[0], NULL, first, &contest), 0);
	assert_int_equal(pthread_create(&threads[1], NULL, second, &contest), 0);
	for (int i = 0; i < 2; i++) {
		void *failures;

		pthread_join(threads[i], &failures);
		assert_null(failures);
	}
	assert_true(worker_wait(target, 20000, NULL, 0, &count));
	note("%ld additions of the target's beside %lu", count, board->added);
	assert_int_equal(memory_peek(target, contest.address),
			 (count + board->added) & mask(width));
	munmap(board, PAGE);
}

static void no_addition_of_1_byte_is_lost(void **state)
{
	(void)state;
	assert_sum_is_exact(0, 1, add_from_outside, add_from_outside);
}

static void no_addition_of_2_bytes_is_lost(void **state)
{
	(void)state;
	assert_sum_is_exact(0, 2, add_from_outside, add_from_outside);
}

static void no_addition_of_4_bytes_is_lost(void **state)
{
	(void)state;
	assert_sum_is_exact(0, 4, add_from_outside, add_from_outside);
}

static void no_addition_of_8_bytes_is_lost(void **state)
{
	(void)state;
	assert_sum_is_exact(0, 8, add_from_outside, add_from_outside);
}

static void no_addition_by_comparing_is_lost(void **state)
{
	(void)state;
	assert_sum_is_exact(0, 8, add_by_comparing, add_by_comparing);
	assert_sum_is_exact(0, 2, add_by_comparing, add_from_outside);
}

static void no_addition_in_shared_memory_is_lost(void **state)
{
	uint64_t *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
				0);

	(void)state;
	assert_sum_is_exact((uintptr_t)shared, 8, add_from_outside, add_by_comparing);
	assert_sum_is_exact((uintptr_t)shared, 4, add_from_outside, add_from_outside);
	munmap(shared, PAGE);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(load_returns_the_word),
		on_target(store_replaces_the_word),
		on_target(exchange_replaces_the_word_and_returns_it),
		on_target(add_adds_and_returns_what_was_there),
		on_target(add_wraps_without_a_carry_into_what_is_beside),
		on_target(compare_exchange_replaces_what_is_expected),
		on_target(compare_exchange_leaves_what_is_not_expected),
		on_target(what_is_above_the_width_does_not_count),
		on_target(every_place_of_a_page_is_reached),
		on_target(an_unknown_operation_is_einval),
		on_target(another_width_is_einval),
		on_target(an_address_that_is_not_aligned_is_einval),
		on_target(a_load_with_an_operand_is_einval),
		on_target(something_expected_is_einval_but_for_compare_exchange),
		on_target(memory_that_is_not_there_is_eio),
		on_target(a_read_only_descriptor_loads_and_does_no_more),
		on_target(a_write_only_descriptor_stores_and_does_no_more),
		on_target(without_a_target_an_operation_is_ebadfd),
		on_target(after_the_targets_end_an_operation_is_esrch),
		on_target(after_the_targets_execve_an_operation_is_estale),
		on_target(read_only_memory_is_eio_but_for_a_load),
		on_target(forced_operation_changes_read_only_private_memory),
		on_target(force_at_bind_is_for_every_operation),
		on_target(no_populate_loads_untouched_memory_without_growth),
		on_target(an_operation_populates_all_the_same),
		on_target(shared_memory_changes_for_all),
		on_target(a_file_mapped_shared_changes),
		on_target(a_file_mapped_privately_stays),
		on_target(executable_memory_changes),
		on_target(who_waits_for_the_word_can_be_killed),
		on_target(no_addition_of_1_byte_is_lost),
		on_target(no_addition_of_2_bytes_is_lost),
		on_target(no_addition_of_4_bytes_is_lost),
		on_target(no_addition_of_8_bytes_is_lost),
		on_target(no_addition_by_comparing_is_lost),
		on_target(no_addition_in_shared_memory_is_lost),
	};

	return run_behaviours(tests);
}
