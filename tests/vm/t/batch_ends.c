// SPDX-License-Identifier: GPL-2.0-only
/*
 * A batch that does not get to its end: a signal arrives, its caller is killed,
 * its target dies.  What was done is told, and the rest can be done later.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/uffd.h"
#include "lib/worker.h"

#define COUNT		100
#define STUCK		60	/* the segment that waits */
#define MANY		65536
#define BLOCKED_MS	300	/* so long without an answer counts as blocked */
#define PROMPT_MS	5000	/* so soon counts as promptly, on a slow machine */

/* What the caller works on; shared with the test. */
struct board {
	struct memrw_segment segments[MANY];
	uint64_t words[MANY];
};

static struct worker *target, *caller;
static struct board *board;
static uint64_t address;	/* MANY words of pattern 1 */
static uint64_t stuck;		/* a page that does not arrive */
static int session;

static int setup(void **state)
{
	(void)state;
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (board == MAP_FAILED)
		return -1;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, MANY * 8, 1);
	session = session_open_bound(worker_pid(target));
	caller = worker_start(ROOT);
	return 0;
}

static int teardown(void **state)
{
	test_teardown(state);
	munmap(board, sizeof(*board));
	return 0;
}

static void fill_segments(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		board->segments[i] = segment(address + 8 * i, &board->words[i], 8);
}

/* The caller's part */

struct batch {
	int session;
	bool write;
	unsigned int first, count;
	bool handle_signals;
};

static void ignore_signal(int signal)
{
	(void)signal;
}

static long run_batch(void *arg)
{
	const struct batch *b = arg;
	struct memrw_segment *segments = board->segments + b->first;

	if (b->handle_signals)
		sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = ignore_signal }, NULL);
	return b->write ? session_writev(b->session, segments, b->count, 0) :
			  session_readv(b->session, segments, b->count, 0);
}

/* The caller waits at the segment STUCK. */
static void block(struct batch b)
{
	stuck = uffd_map(target, PAGE);
	fill_segments(COUNT);
	board->segments[STUCK].address = stuck;
	b.session = session;
	b.count = COUNT;
	worker_send(caller, run_batch, &b, sizeof(b));
	assert_true(uffd_wait_fault(target, PROMPT_MS));
	assert_false(worker_wait(caller, BLOCKED_MS, NULL, 0, NULL));
}

static long result_of_caller(void)
{
	long result = 0;

	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	return result;
}

static void assert_results(unsigned int first, unsigned int end)
{
	for (unsigned int i = first; i < end; i++)
		assert_int_equal(board->segments[i].result, 8);
}

static void a_batch_that_reads_can_be_killed(void **state)
{
	(void)state;
	block((struct batch){ .write = false });
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

static void a_batch_that_writes_can_be_killed(void **state)
{
	(void)state;
	block((struct batch){ .write = true });
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

static void a_batch_that_waits_does_not_hold_the_target(void **state)
{
	(void)state;
	block((struct batch){ .write = false });
	/* The target's lock for that is taken for writing; worker_call has a limit. */
	assert_int_equal(memory_unmap(target, memory_map_pattern(target, PAGE, 2), PAGE), 0);
	assert_int_equal(memory_unmap(target, address, MANY * 8), 0);
}

static void memory_that_arrives_at_last_lets_the_batch_go_on(void **state)
{
	(void)state;
	block((struct batch){ .write = false });
	uffd_serve(target, stuck, PAGE, 7);
	assert_int_equal(result_of_caller(), COUNT);
	assert_results(0, COUNT);
	assert_true(pattern_matches(&board->words[STUCK], 8, 0, 7));
	assert_true(pattern_matches(board->words, 8 * STUCK, 0, 1));
	assert_true(pattern_matches(&board->words[STUCK + 1], 8, 8 * (STUCK + 1), 1));
}

/* Nothing of the segment at which it waited was done; it begins there again. */
static void assert_signal_ends_batch(bool write)
{
	struct batch rest = { .session = session, .write = write, .first = STUCK,
			      .count = COUNT - STUCK };

	if (!session_has_feature(session, MEMRW_FEATURE_INTERRUPTIBLE))
		skip_because("in this kernel only a fatal signal ends the wait");
	block((struct batch){ .write = write, .handle_signals = true });
	kill(worker_pid(caller), SIGUSR1);
	assert_int_equal(result_of_caller(), STUCK);
	assert_results(0, STUCK);
	uffd_serve(target, stuck, PAGE, 7);
	assert_int_equal(worker_call(caller, run_batch, &rest, sizeof(rest)), COUNT - STUCK);
	assert_results(STUCK, COUNT);
}

static void a_signal_ends_a_batch_that_reads(void **state)
{
	(void)state;
	assert_signal_ends_batch(false);
	assert_true(pattern_matches(&board->words[STUCK], 8, 0, 7));
}

static void a_signal_ends_a_batch_that_writes(void **state)
{
	(void)state;
	assert_signal_ends_batch(true);
	assert_int_equal(memory_peek(target, stuck), board->words[STUCK]);
}

static void a_signal_before_the_first_result_is_eintr(void **state)
{
	(void)state;
	if (!session_has_feature(session, MEMRW_FEATURE_INTERRUPTIBLE))
		skip_because("in this kernel only a fatal signal ends the wait");
	stuck = uffd_map(target, PAGE);
	fill_segments(COUNT);
	board->segments[0].address = stuck;
	worker_send(caller, run_batch, &(struct batch){ .session = session, .count = COUNT,
						       .handle_signals = true },
		    sizeof(struct batch));
	assert_true(uffd_wait_fault(target, PROMPT_MS));
	kill(worker_pid(caller), SIGUSR1);
	assert_int_equal(result_of_caller(), -EINTR);
}

/* Every millisecond, to a caller that waits for nothing. */
struct ticking {
	int session;
	bool write;
	unsigned int calls, partial, eintr;
};

static long run_ticking(void *arg)
{
	struct ticking *t = arg;
	struct itimerval tick = { { 0, 1000 }, { 0, 1000 } };
	unsigned int done = 0;

	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = ignore_signal }, NULL);
	setitimer(ITIMER_REAL, &tick, NULL);
	while (done < MANY) {
		struct memrw_segment *rest = board->segments + done;
		int64_t n = t->write ? session_writev(t->session, rest, MANY - done, 0) :
				       session_readv(t->session, rest, MANY - done, 0);

		t->calls++;
		if (n == -EINTR) {
			t->eintr++;
			continue;
		}
		if (n < 0 || n > MANY - done)
			break;
		done += n;
		t->partial += done < MANY;
	}
	tick = (struct itimerval){ 0 };
	setitimer(ITIMER_REAL, &tick, NULL);
	return done;
}

static struct ticking assert_ticking_comes_to_the_end(bool write)
{
	struct ticking t = { .session = session, .write = write };

	assert_int_equal(worker_call(caller, run_ticking, &t, sizeof(t)), MANY);
	assert_results(0, MANY);
	return t;
}

static void a_batch_that_signals_end_again_and_again_comes_to_its_end(void **state)
{
	struct ticking t = { 0 };

	(void)state;
	fill_segments(MANY);
	for (int i = 0; i < 20 && !t.partial; i++) {
		memset(board->words, 0, sizeof(board->words));
		t = assert_ticking_comes_to_the_end(false);
		assert_true(pattern_matches(board->words, MANY * 8, 0, 1));
	}
	note("%u calls to read, %u partial, %u that did nothing", t.calls, t.partial, t.eintr);
	assert_true(t.partial > 0);
	pattern_fill(board->words, MANY * 8, 3);
	t = assert_ticking_comes_to_the_end(true);
	note("%u calls to write, %u partial, %u that did nothing", t.calls, t.partial, t.eintr);
	assert_true(memory_matches(target, address, MANY * 8, 3));
}

/* Until the target is gone, each batch is whole; then there is none. */
static long run_until_error(void *arg)
{
	const struct batch *b = arg;
	int64_t n;

	do {
		for (unsigned int i = 0; i < MANY; i++)
			board->segments[i].result = INT64_MIN;
		n = run_batch(arg);
		for (int64_t i = 0; i < n; i++) {
			if (board->segments[i].result != 8)
				return -EPROTO;
		}
	} while (n == b->count);
	return n;
}

static void assert_end_of_target_ends_batches(bool write)
{
	struct batch b = { .session = session, .write = write, .count = MANY };

	fill_segments(MANY);
	worker_send(caller, run_until_error, &b, sizeof(b));
	sleep_ms(100);
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
	assert_int_equal(result_of_caller(), -ESRCH);
}

static void the_end_of_the_target_ends_batches_that_read(void **state)
{
	(void)state;
	assert_end_of_target_ends_batches(false);
}

static void the_end_of_the_target_ends_batches_that_write(void **state)
{
	(void)state;
	assert_end_of_target_ends_batches(true);
}

static void the_end_of_a_target_that_does_not_answer_ends_the_wait(void **state)
{
	(void)state;
	block((struct batch){ .write = false });
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
	/* Nobody is left who could serve it: the kernel lets the caller go. */
	assert_int_equal(result_of_caller(), COUNT);
	assert_results(0, STUCK);
	assert_results(STUCK + 1, COUNT);
}

#define with_caller(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		with_caller(a_batch_that_reads_can_be_killed),
		with_caller(a_batch_that_writes_can_be_killed),
		with_caller(a_batch_that_waits_does_not_hold_the_target),
		with_caller(memory_that_arrives_at_last_lets_the_batch_go_on),
		with_caller(a_signal_ends_a_batch_that_reads),
		with_caller(a_signal_ends_a_batch_that_writes),
		with_caller(a_signal_before_the_first_result_is_eintr),
		with_caller(a_batch_that_signals_end_again_and_again_comes_to_its_end),
		with_caller(the_end_of_the_target_ends_batches_that_read),
		with_caller(the_end_of_the_target_ends_batches_that_write),
		with_caller(the_end_of_a_target_that_does_not_answer_ends_the_wait),
	};

	return run_behaviours(tests);
}
