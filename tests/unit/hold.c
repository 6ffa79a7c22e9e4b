// SPDX-License-Identifier: GPL-2.0-only
/* Holding a target still, and letting it go whatever becomes of the holder. */
#include "support/unit.h"
#include "hold.h"
#include "process_status.h"
#include "threads.h"

#include <dirent.h>
#include <elf.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS	3

/* What the target does, for all to see: each thread counts. */
static struct beats {
	volatile uint64_t threads[THREADS];
	volatile uint64_t born;
	volatile uint64_t signals;
} *beats;

static pid_t pid;
static struct memrw_target *target;

static void *beat(void *argument)
{
	volatile uint64_t *mine = argument;

	for (;;)
		(*mine)++;
	return NULL;
}

static void *be_born(void *unused)
{
	beats->born++;
	return unused;
}

/* Threads that come and go, as fast as may be. */
static void *bear(void *unused)
{
	pthread_t thread;

	for (;;) {
		if (!pthread_create(&thread, NULL, be_born, NULL))
			pthread_join(thread, NULL);
	}
	return unused;
}

static void count_signal(int signal)
{
	(void)signal;
	beats->signals++;
}

_Noreturn static void be_target(void)
{
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	signal(SIGUSR1, count_signal);
	for (int i = 1; i < THREADS; i++)
		pthread_create(&thread, NULL, beat, (void *)&beats->threads[i]);
	pthread_create(&thread, NULL, bear, NULL);
	beat((void *)&beats->threads[0]);
	_exit(0);
}

static void wait_for_beats(void)
{
	struct beats before = *beats;

	for (int i = 0; i < THREADS; i++) {
		while (beats->threads[i] == before.threads[i])
			usleep(1000);
	}
	while (beats->born == before.born)
		usleep(1000);
}

static int start_target(void **state)
{
	(void)state;
	beats = mmap(NULL, sizeof(*beats), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(beats, MAP_FAILED);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		be_target();
	wait_for_beats();
	target = memrw_target_open(pid, unit_via(), 0);
	assert_non_null(target);
	return 0;
}

static int stop_target(void **state)
{
	(void)state;
	memrw_target_close(target);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	munmap(beats, sizeof(*beats));
	return 0;
}

static void assert_still(void)
{
	struct beats before, after;

	before = *beats;
	usleep(50000);
	after = *beats;
	assert_memory_equal(&before, &after, sizeof(before));
}

static void assert_held_and_let_go(unsigned int way)
{
	struct hold *hold = hold_begin(target, way);

	assert_non_null(hold);
	assert_int_equal(hold_way(hold), way);
	assert_still();
	assert_int_equal(hold_end(hold), 0);
	wait_for_beats();
}

static void no_thread_moves_until_the_end(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_held_and_let_go(HOLD_BY_TRACING);
		assert_held_and_let_go(HOLD_BY_SIGNAL);
	}
}

static void tracing_goes_before_a_signal(void **state)
{
	struct hold *hold = hold_begin(target, HOLD_ANY_WAY);

	(void)state;
	assert_int_equal(hold_way(hold), HOLD_BY_TRACING);
	assert_int_equal(hold_end(hold), 0);
}

/* A holder of its own, which says when it holds, and is then killed. */
static void kill_a_holder(unsigned int way)
{
	int ready[2];
	char byte;
	pid_t holder;

	assert_int_equal(pipe(ready), 0);
	holder = fork();
	assert_true(holder >= 0);
	if (!holder) {
		byte = hold_begin(target, way) ? 'y' : 'n';
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_still();
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
	close(ready[0]);
	close(ready[1]);
}

static void target_goes_on_when_its_holder_is_killed(void **state)
{
	(void)state;
	kill_a_holder(HOLD_BY_TRACING);
	wait_for_beats();
	kill_a_holder(HOLD_BY_SIGNAL);
	wait_for_beats();
}

/* A thread that was traced stops again when a processor takes it. */
static void wait_for_stop(void)
{
	for (int i = 0; i < 20000 && threads_state(pid, pid) != 'T'; i++)
		usleep(1000);
	assert_int_equal(threads_state(pid, pid), 'T');
}

static void assert_stays_stopped(unsigned int way)
{
	struct hold *hold = hold_begin(target, way);

	assert_non_null(hold);
	assert_still();
	assert_int_equal(hold_end(hold), 0);
	wait_for_stop();
	assert_still();
	assert_int_equal(threads_state(pid, pid), 'T');
}

static void target_that_was_stopped_before_stays_so(void **state)
{
	int status;

	(void)state;
	kill(pid, SIGSTOP);
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_stays_stopped(HOLD_BY_TRACING);
	assert_stays_stopped(HOLD_BY_SIGNAL);
	kill(pid, SIGCONT);
	wait_for_beats();
}

static void parent_is_told_nothing_of_tracing(void **state)
{
	struct hold *hold = hold_begin(target, HOLD_BY_TRACING);
	int status;

	(void)state;
	assert_int_equal(waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG), 0);
	assert_int_equal(hold_end(hold), 0);
	assert_int_equal(waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG), 0);
}

static void wait_for_signals(uint64_t count)
{
	for (int i = 0; i < 20000 && beats->signals < count; i++)
		usleep(1000);
	assert_int_equal(beats->signals, count);
}

/* Of the same kind only one waits: the next is sent when it has arrived. */
static void signal_that_was_on_its_way_arrives(void **state)
{
	struct hold *hold;

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		kill(pid, SIGUSR1);
		hold = hold_begin(target, HOLD_BY_TRACING);
		assert_non_null(hold);
		assert_int_equal(hold_end(hold), 0);
		wait_for_signals(i + 1);
	}
	hold = hold_begin(target, HOLD_BY_TRACING);
	kill(pid, SIGUSR1);
	assert_still();
	assert_int_equal(hold_end(hold), 0);
	wait_for_signals(21);
}

static void traced_target_is_busy(void **state)
{
	int status;

	(void)state;
	assert_int_equal(ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	assert_null_errno(hold_begin(target, HOLD_ANY_WAY), EBUSY);
	assert_int_equal(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, &status, __WALL), pid);
	assert_int_equal(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	wait_for_beats();
}

static void oneself_is_a_deadlock(void **state)
{
	struct memrw_target *self = memrw_target_open(getpid(), unit_via(), 0);

	(void)state;
	assert_non_null(self);
	assert_null_errno(hold_begin(self, HOLD_ANY_WAY), EDEADLK);
	memrw_target_close(self);
}

static void exited_target_cannot_be_held(void **state)
{
	siginfo_t info;

	(void)state;
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	assert_null_errno(hold_begin(target, HOLD_ANY_WAY), ESRCH);
}

static void target_can_be_killed_while_it_is_held(void **state)
{
	struct hold *hold = hold_begin(target, HOLD_ANY_WAY);
	siginfo_t info;

	(void)state;
	assert_non_null(hold);
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(hold_end(hold), 0);
}

static void registers_of_a_traced_thread(void **state)
{
	struct hold *hold = hold_begin(target, HOLD_BY_TRACING);
	unsigned char set[1024] = { 0 }, none[1024] = { 0 };
	ssize_t length;

	(void)state;
	length = hold_registers(hold, pid, NT_PRSTATUS, set, sizeof(set));
	assert_true(length >= 17 * 4);
	assert_memory_not_equal(set, none, length);
	assert_errno(hold_registers(hold, pid, NT_PRSTATUS, set, 8), ENOBUFS);
	assert_errno(hold_registers(hold, getpid(), NT_PRSTATUS, set, sizeof(set)),
		     ESRCH);
	assert_int_equal(hold_end(hold), 0);
}

static void registers_take_tracing(void **state)
{
	struct hold *hold = hold_begin(target, HOLD_BY_SIGNAL);
	unsigned char set[1024];

	(void)state;
	assert_errno(hold_registers(hold, pid, NT_PRSTATUS, set, sizeof(set)), ENOTSUP);
	assert_int_equal(hold_end(hold), 0);
}

static bool is_guardian(pid_t found)
{
	char name[32];

	return process_status(found, "PPid:") == getpid() &&
	       !strcmp(process_name(found, name, sizeof(name)), "memrw-guardian");
}

/* Among all there are: numbers begin anew, and the target's threads use them up. */
static pid_t find_guardian(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	assert_non_null(proc);
	while (!found && (entry = readdir(proc))) {
		if (is_guardian(atoi(entry->d_name)))
			found = atoi(entry->d_name);
	}
	closedir(proc);
	return found;
}

static void assert_loss_is_told(unsigned int way)
{
	struct hold *hold = hold_begin(target, way);
	pid_t guardian = find_guardian();

	assert_non_null(hold);
	assert_true(guardian > 0);
	kill(guardian, SIGKILL);
	assert_errno(hold_end(hold), ECHILD);
	wait_for_beats();
}

static void killed_guardian_is_told_and_the_target_goes_on(void **state)
{
	(void)state;
	assert_loss_is_told(HOLD_BY_TRACING);
	assert_loss_is_told(HOLD_BY_SIGNAL);
}

static void end_of_nothing_is_fine(void **state)
{
	(void)state;
	assert_int_equal(hold_end(NULL), 0);
}

#define hold_test(test)	cmocka_unit_test_setup_teardown(test, start_target, stop_target)

static const struct CMUnitTest tests[] = {
	hold_test(no_thread_moves_until_the_end),
	hold_test(tracing_goes_before_a_signal),
	hold_test(target_goes_on_when_its_holder_is_killed),
	hold_test(target_that_was_stopped_before_stays_so),
	hold_test(parent_is_told_nothing_of_tracing),
	hold_test(signal_that_was_on_its_way_arrives),
	hold_test(traced_target_is_busy),
	hold_test(exited_target_cannot_be_held),
	hold_test(target_can_be_killed_while_it_is_held),
	hold_test(registers_of_a_traced_thread),
	hold_test(registers_take_tracing),
	hold_test(killed_guardian_is_told_and_the_target_goes_on),
	cmocka_unit_test(oneself_is_a_deadlock),
	cmocka_unit_test(end_of_nothing_is_fine),
};

unit_main(tests)
