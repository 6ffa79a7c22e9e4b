// SPDX-License-Identifier: GPL-2.0-only
/*
 * An aligned transfer of 2, 4 or 8 bytes is one access: it never tears, in
 * whatever way it is asked for.
 */
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define TRANSFERS 20000

/* One word that changes between all zeros and all ones, and others around it. */
struct words {
	uint64_t first;
	_Alignas(64) _Atomic uint64_t word;
	_Alignas(64) uint64_t last;
};

/* Shared with the target. */
struct board {
	struct words shared;
	struct words *words;	/* in the target: these, or in its private memory */
	atomic_bool over;
	atomic_ulong flips, mixed, zeros, ones;
};

static struct worker *target;
static struct board *board;
static int session;

static int setup(void **state)
{
	(void)state;
	board = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		return -1;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

/* The two come by different ways through the driver. */
static void put_words(bool shared)
{
	uint64_t private = memory_map_anonymous(target, PAGE);

	memory_poke(target, private, 0);
	board->words = shared ? &board->shared : (struct words *)(uintptr_t)private;
}

static int teardown(void **state)
{
	board->over = true;
	test_teardown(state);
	munmap(board, PAGE);
	return 0;
}

static void need_two_cpus(void)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		skip_because("it takes two CPUs to tear");
}

/* Runs in the target until the test has seen enough. */
static long flip(void *arg)
{
	_Atomic uint64_t *word = &board->words->word;

	(void)arg;
	while (!atomic_load_explicit(&board->over, memory_order_relaxed)) {
		/* As long the one as the other. */
		atomic_store_explicit(word, 0, memory_order_relaxed);
		board->flips++;
		atomic_store_explicit(word, ~0ULL, memory_order_relaxed);
		board->flips++;
	}
	return 0;
}

static bool is_whole(uint64_t word, size_t length)
{
	uint64_t ones = ~0ULL >> (64 - 8 * length);

	word &= ones;
	if (!word)
		board->zeros++;
	else if (word == ones)
		board->ones++;
	else
		return false;
	return true;
}

/* In which way: all come through the same engine, but not by the same path. */
enum way { COMMAND, FILE_OPERATION, BATCH, ATOMIC, WAYS };

/* The word is alone in its batch, or between others of its length. */
static int64_t batch_of(bool write, void *word, size_t length, int i)
{
	struct words *words = board->words;
	struct memrw_segment segments[3];
	uint64_t others[2] = { 0 };
	__u32 count = i & 4 ? 3 : 1, middle = count / 2;
	int64_t done;

	segments[0] = segment((uintptr_t)&words->first, &others[0], length);
	segments[2] = segment((uintptr_t)&words->last, &others[1], length);
	segments[middle] = segment((uintptr_t)&words->word, word, length);
	done = write ? session_writev(session, segments, count, 0) :
		       session_readv(session, segments, count, 0);
	return done == count ? segments[middle].result : done;
}

static int64_t atomic_of(bool write, uint64_t *word, size_t length, int i)
{
	struct memrw_atomic atomic = {
		.address = (uintptr_t)&board->words->word,
		.width = length,
		.op = !write ? MEMRW_ATOMIC_LOAD :
		      i & 4 ? MEMRW_ATOMIC_STORE : MEMRW_ATOMIC_EXCHANGE,
		.operand = write ? *word : 0,
	};
	int error = session_atomic(session, atomic, write ? NULL : word);

	return error ? error : (int64_t)length;
}

static bool read_word(size_t length, int i, uint64_t *word)
{
	uint64_t address = (uintptr_t)&board->words->word;

	switch ((enum way)(i % WAYS)) {
	case COMMAND:
		return session_read(session, address, word, length, 0) == (int64_t)length;
	case FILE_OPERATION:
		return session_pread(session, address, word, length) == (int64_t)length;
	case BATCH:
		return batch_of(false, word, length, i) == (int64_t)length;
	default:
		return atomic_of(false, word, length, i) == (int64_t)length;
	}
}

static bool write_word(size_t length, int i, const uint64_t *value)
{
	uint64_t address = (uintptr_t)&board->words->word, word = *value;

	switch ((enum way)(i % WAYS)) {
	case COMMAND:
		return session_write(session, address, &word, length, 0) == (int64_t)length;
	case FILE_OPERATION:
		return session_pwrite(session, address, &word, length) == (int64_t)length;
	case BATCH:
		return batch_of(true, &word, length, i) == (int64_t)length;
	default:
		return atomic_of(true, &word, length, i) == (int64_t)length;
	}
}

static void assert_reads_whole(size_t length)
{
	worker_send(target, flip, NULL, 0);
	for (int i = 0; i < TRANSFERS; i++) {
		uint64_t word = 0;

		assert_true(read_word(length, i, &word));
		if (!is_whole(word, length))
			fail_msg("read %d of %zu bytes is %#llx", i, length,
				 (unsigned long long)word);
	}
	note("%lu flips, read %lu times zeros and %lu times ones", board->flips, board->zeros,
	     board->ones);
	assert_true(board->zeros && board->ones);
}

/* Runs in the target: looks at the word that is written from outside. */
static long watch(void *arg)
{
	_Atomic uint64_t *word = &board->words->word;
	size_t length = *(size_t *)arg;

	while (!atomic_load_explicit(&board->over, memory_order_relaxed)) {
		if (!is_whole(atomic_load_explicit(word, memory_order_relaxed), length))
			board->mixed++;
	}
	return 0;
}

static void assert_writes_whole(size_t length)
{
	static const uint64_t words[2] = { 0, ~0ULL };

	worker_send(target, watch, &length, sizeof(length));
	for (int i = 0; i < TRANSFERS; i++)
		assert_true(write_word(length, i, &words[i / WAYS & 1]));
	board->over = true;
	assert_true(worker_wait(target, 5000, NULL, 0, NULL));
	note("seen %lu times zeros and %lu times ones", board->zeros, board->ones);
	assert_int_equal(board->mixed, 0);
	assert_true(board->zeros && board->ones);
}

struct kind {
	bool write, shared;
	size_t length;
};

static void never_tears(void **state)
{
	const struct kind *kind = *state;

	need_two_cpus();
	put_words(kind->shared);
	if (kind->write)
		assert_writes_whole(kind->length);
	else
		assert_reads_whole(kind->length);
}

int main(void)
{
	static struct kind kinds[12];
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct kind *kind = &kinds[i];

		*kind = (struct kind){ .write = i % 2, .shared = i / 2 % 2, .length = 2 << i / 4 };
		test_list_add(&list, never_tears, kind, "%s_of_%zu_bytes_of_%s_memory_never_tear",
			      kind->write ? "writes" : "reads", kind->length,
			      kind->shared ? "shared" : "private");
		list.tests[list.count - 1].setup_func = setup;
		list.tests[list.count - 1].teardown_func = teardown;
	}
	return test_list_run(&list);
}
