// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that never arrives, by userfaultfd: whoever waits for it can be
 * killed, and nobody else waits.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/trace.h"
#include "lib/uffd.h"
#include "lib/worker.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

#define LENGTH		(8 * PAGE)
#define BLOCKED_MS	300	/* so long without an answer counts as blocked */
#define PROMPT_MS	5000	/* so soon counts as promptly, on a slow machine */

static struct worker *target, *caller;
static uint64_t stuck;		/* LENGTH bytes that never arrive */
static uint64_t address;	/* LENGTH bytes of pattern 1 */
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, LENGTH, 1);
	session = session_open_bound(worker_pid(target));
	caller = worker_start(ROOT);
	return 0;
}

struct transfer {
	int session;
	unsigned long command;	/* 0: pread and pwrite */
	bool write;
	__u32 flags;
	uint64_t address, length;
	uint64_t buffer;	/* 0: the caller's own, which is good */
	bool handle_signals;
};

static void ignore_signal(int signal)
{
	(void)signal;
}

static long run_transfer(void *arg)
{
	static uint8_t own_buffer[8 * PAGE_MAX];
	struct transfer *t = arg;
	void *buffer = t->buffer ? (void *)(uintptr_t)t->buffer : own_buffer;

	if (t->handle_signals)
		sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = ignore_signal }, NULL);
	if (t->command == MEMRW_IOC_READ)
		return session_read(t->session, t->address, buffer, t->length, t->flags);
	if (t->command == MEMRW_IOC_WRITE)
		return session_write(t->session, t->address, buffer, t->length, t->flags);
	if (t->write)
		return session_pwrite(t->session, t->address, buffer, t->length);
	return session_pread(t->session, t->address, buffer, t->length);
}

static void send_transfer(struct transfer t)
{
	worker_send(caller, run_transfer, &t, sizeof(t));
}

static void assert_blocked(void)
{
	assert_true(uffd_wait_fault(target, PROMPT_MS));
	assert_false(worker_wait(caller, BLOCKED_MS, NULL, 0, NULL));
}

/* The caller waits for the target's memory. */
static void block(struct transfer t)
{
	stuck = uffd_map(target, LENGTH);
	t.session = session;
	t.address = stuck;
	send_transfer(t);
	assert_blocked();
}

static void assert_caller_can_be_killed(struct transfer t)
{
	block(t);
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

static void caller_in_pread_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .length = LENGTH });
}

static void caller_in_pread_of_a_word_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .length = 8 });
}

static void caller_in_pwrite_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .write = true, .length = LENGTH });
}

static void caller_in_pwrite_of_a_word_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .write = true, .length = 8 });
}

static void caller_in_read_command_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .command = MEMRW_IOC_READ,
						       .length = LENGTH });
}

static void caller_in_write_command_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .command = MEMRW_IOC_WRITE,
						       .length = LENGTH });
}

static void caller_in_forced_read_can_be_killed(void **state)
{
	(void)state;
	assert_caller_can_be_killed((struct transfer){ .command = MEMRW_IOC_READ,
						       .length = LENGTH, .flags = MEMRW_FORCE });
}

static void the_killed_transfer_ends_with_eintr(void **state)
{
	pid_t pid = worker_pid(caller);
	int64_t done = 0;
	char *text;

	(void)state;
	trace_start("memrw/memrw_transfer");
	block((struct transfer){ .length = LENGTH });
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
	text = trace_stop();
	assert_true(trace_number(text, "memrw_transfer", pid, "done", &done));
	assert_int_equal(done, -EINTR);
	free(text);
}

static void a_handled_signal_ends_the_wait_with_eintr(void **state)
{
	long result = 0;

	(void)state;
	if (!session_has_feature(session, MEMRW_FEATURE_INTERRUPTIBLE))
		skip_because("in this kernel only a fatal signal ends the wait");
	block((struct transfer){ .length = LENGTH, .handle_signals = true });
	kill(worker_pid(caller), SIGUSR1);
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, -EINTR);
}

static void without_the_feature_a_handled_signal_does_not_end_the_wait(void **state)
{
	long result = 0;

	(void)state;
	if (session_has_feature(session, MEMRW_FEATURE_INTERRUPTIBLE))
		skip_because("in this kernel any signal ends the wait");
	block((struct transfer){ .length = LENGTH, .handle_signals = true });
	kill(worker_pid(caller), SIGUSR1);
	assert_false(worker_wait(caller, BLOCKED_MS, NULL, 0, &result));
	uffd_serve(target, stuck, LENGTH, 1);
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, LENGTH);
}

static void target_that_never_answers_can_be_killed(void **state)
{
	long result = 0;

	(void)state;
	block((struct transfer){ .length = LENGTH });
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
	/* Nobody is left who could serve it: the kernel lets the caller go. */
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

static void target_served_by_another_process_can_be_killed(void **state)
{
	int pidfd = syscall(SYS_pidfd_open, worker_pid(target), 0);
	int descriptor;

	(void)state;
	block((struct transfer){ .length = LENGTH });
	descriptor = syscall(SYS_pidfd_getfd, pidfd, uffd_descriptor(target), 0);
	if (descriptor < 0)
		skip_because("pidfd_getfd: %s", strerror(errno));
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
	close(descriptor);
	close(pidfd);
}

static void assert_reads_other_memory(int fd)
{
	struct transfer t = { .session = fd, .address = address, .length = LENGTH };
	struct worker *other = worker_start(ROOT);
	long result = 0;

	worker_send(other, run_transfer, &t, sizeof(t));
	assert_true(worker_wait(other, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, LENGTH);
}

static void another_transfer_of_the_session_does_not_wait(void **state)
{
	(void)state;
	block((struct transfer){ .length = LENGTH });
	assert_reads_other_memory(session);
}

static void a_transfer_of_another_session_does_not_wait(void **state)
{
	int other = session_open_bound(worker_pid(target));

	(void)state;
	block((struct transfer){ .length = LENGTH });
	assert_reads_other_memory(other);
}

static void a_transfer_of_another_session_does_not_wait_for_a_write(void **state)
{
	int other = session_open_bound(worker_pid(target));

	(void)state;
	block((struct transfer){ .write = true, .length = LENGTH });
	assert_reads_other_memory(other);
}

static void the_target_goes_on_mapping_memory(void **state)
{
	(void)state;
	block((struct transfer){ .length = LENGTH });
	/* The target's lock for that is taken for writing; worker_call has a limit. */
	assert_int_equal(memory_unmap(target, memory_map_pattern(target, LENGTH, 2), LENGTH), 0);
	assert_int_equal(memory_unmap(target, address, LENGTH), 0);
}

static void commands_about_the_session_do_not_wait(void **state)
{
	struct memrw_query_region region;

	(void)state;
	block((struct transfer){ .length = LENGTH });
	assert_int_equal(session_state(session), MEMRW_TARGET_BOUND);
	assert_int_equal(session_query_region(session, stuck, &region, NULL, 0), 0);
	assert_in_range(stuck, region.start, region.end - 1);
}

static void rebinding_does_not_wait_and_the_transfer_keeps_its_target(void **state)
{
	struct worker *second = worker_start(ROOT);
	uint64_t seconds = memory_map_pattern(second, PAGE, 3);
	uint8_t page[PAGE];
	long result = 0;

	(void)state;
	block((struct transfer){ .length = LENGTH });
	assert_int_equal(session_bind(session, worker_pid(second)), 0);
	assert_int_equal(session_pread(session, seconds, page, PAGE), PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 3));
	uffd_serve(target, stuck, LENGTH, 4);
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, LENGTH);
}

static void closing_does_not_wait_and_the_transfer_goes_on(void **state)
{
	long result = 0;

	(void)state;
	block((struct transfer){ .length = LENGTH });
	session_close(session);
	uffd_serve(target, stuck, LENGTH, 4);
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, LENGTH);
}

static void memory_that_is_served_at_last_is_read(void **state)
{
	uint8_t *shared = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
	long result = 0;

	(void)state;
	caller = worker_start(ROOT);
	block((struct transfer){ .length = LENGTH, .buffer = (uintptr_t)shared });
	uffd_serve(target, stuck, LENGTH, 5);
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, LENGTH);
	assert_true(pattern_matches(shared, LENGTH, 0, 5));
	munmap(shared, LENGTH);
}

static void no_populate_does_not_wait(void **state)
{
	static const uint8_t zeros[8 * PAGE_MAX];
	uint8_t buffer[LENGTH];

	(void)state;
	stuck = uffd_map(target, LENGTH);
	struct transfer t = { .session = session, .command = MEMRW_IOC_READ, .address = stuck,
			      .length = LENGTH, .flags = MEMRW_NO_POPULATE };
	long result = 0;

	worker_send(caller, run_transfer, &t, sizeof(t));
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, LENGTH);
	assert_int_equal(session_read(session, stuck, buffer, LENGTH, MEMRW_NO_POPULATE), LENGTH);
	assert_memory_equal(buffer, zeros, LENGTH);
	assert_false(uffd_wait_fault(target, 0));
}

static void memory_that_only_the_target_may_fault_is_eio(void **state)
{
	uint64_t word = 0;

	(void)state;
	stuck = uffd_map_user_only(target, LENGTH);
	assert_int_equal(assert_reads_match(session, worker_pid(target), stuck, 8), -EIO);
	assert_int_equal(session_write(session, stuck, &word, 8, 0), -EIO);
}

/* The caller's buffer, now, is what never arrives. */
static void block_on_buffer(bool write)
{
	struct transfer t = { .session = session, .write = write, .address = address,
			      .length = LENGTH };

	t.buffer = uffd_map(caller, LENGTH);
	send_transfer(t);
	/* The caller cannot be asked whether the fault came, for it is in it. */
	assert_false(worker_wait(caller, BLOCKED_MS, NULL, 0, NULL));
}

static void caller_whose_buffer_never_arrives_can_be_killed(void **state)
{
	(void)state;
	block_on_buffer(false);
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

static void writer_whose_buffer_never_arrives_can_be_killed(void **state)
{
	(void)state;
	block_on_buffer(true);
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

static void buffer_that_never_arrives_does_not_hold_the_target(void **state)
{
	(void)state;
	for (int write = 0; write <= 1; write++) {
		caller = worker_start(ROOT);
		block_on_buffer(write);
		assert_int_equal(memory_unmap(target, memory_map_pattern(target, LENGTH, 2),
					      LENGTH), 0);
		assert_reads_other_memory(session);
	}
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
}

#define with_caller(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		with_caller(caller_in_pread_can_be_killed),
		with_caller(caller_in_pread_of_a_word_can_be_killed),
		with_caller(caller_in_pwrite_can_be_killed),
		with_caller(caller_in_pwrite_of_a_word_can_be_killed),
		with_caller(caller_in_read_command_can_be_killed),
		with_caller(caller_in_write_command_can_be_killed),
		with_caller(caller_in_forced_read_can_be_killed),
		with_caller(the_killed_transfer_ends_with_eintr),
		with_caller(a_handled_signal_ends_the_wait_with_eintr),
		with_caller(without_the_feature_a_handled_signal_does_not_end_the_wait),
		with_caller(target_that_never_answers_can_be_killed),
		with_caller(target_served_by_another_process_can_be_killed),
		with_caller(another_transfer_of_the_session_does_not_wait),
		with_caller(a_transfer_of_another_session_does_not_wait),
		with_caller(a_transfer_of_another_session_does_not_wait_for_a_write),
		with_caller(the_target_goes_on_mapping_memory),
		with_caller(commands_about_the_session_do_not_wait),
		with_caller(rebinding_does_not_wait_and_the_transfer_keeps_its_target),
		with_caller(closing_does_not_wait_and_the_transfer_goes_on),
		with_caller(memory_that_is_served_at_last_is_read),
		with_caller(no_populate_does_not_wait),
		with_caller(memory_that_only_the_target_may_fault_is_eio),
		with_caller(caller_whose_buffer_never_arrives_can_be_killed),
		with_caller(writer_whose_buffer_never_arrives_can_be_killed),
		with_caller(buffer_that_never_arrives_does_not_hold_the_target),
	};

	return run_behaviours(tests);
}
