// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of a target: it runs, replaces its memory, exits. */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

static struct worker *target;
static uint64_t address;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, PAGE, 1);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static struct memrw_get_target get_target(int fd)
{
	struct memrw_get_target answer;

	assert_int_equal(session_get_target(fd, &answer), 0);
	return answer;
}

static void a_running_target_is_bound(void **state)
{
	struct memrw_get_target answer = get_target(session);

	(void)state;
	assert_int_equal(answer.state, MEMRW_TARGET_BOUND);
	assert_int_equal(answer.pid, worker_pid(target));
	assert_int_equal(answer.transfer_flags, 0);
	assert_int_equal(answer.reserved, 0);
}

static void get_target_tells_the_flags_given_at_bind(void **state)
{
	(void)state;
	for (__u32 flags = 0; flags <= (MEMRW_FORCE | MEMRW_NO_POPULATE); flags++) {
		assert_int_equal(session_bind_flags(session, worker_pid(target), flags), 0);
		assert_int_equal(get_target(session).transfer_flags, flags);
	}
}

static void assert_comm_is_that_of_proc(void)
{
	char path[32], comm[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", worker_pid(target));
	assert_true(file_read(path, comm, sizeof(comm)) > 0);
	comm[strcspn(comm, "\n")] = '\0';
	assert_string_equal(get_target(session).comm, comm);
}

static long rename_self(void *arg)
{
	return prctl(PR_SET_NAME, arg);
}

static void get_target_tells_the_comm_of_proc(void **state)
{
	char longest[] = "fifteen-letters";

	(void)state;
	assert_comm_is_that_of_proc();
	worker_call(target, rename_self, longest, sizeof(longest));
	assert_comm_is_that_of_proc();
	assert_string_equal(get_target(session).comm, longest);
}

static void an_exited_target_keeps_the_comm_it_was_bound_with(void **state)
{
	char name[] = "first-name";

	(void)state;
	worker_call(target, rename_self, name, sizeof(name));
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_string_equal(get_target(session).comm, name);
}

static void assert_all_fail(int error)
{
	struct memrw_query_region region;
	uint64_t word = 0;

	assert_int_equal(session_read(session, address, &word, 8, 0), error);
	assert_int_equal(session_read(session, address, &word, 8, MEMRW_FORCE), error);
	assert_int_equal(session_write(session, address, &word, 8, 0), error);
	assert_int_equal(session_pread(session, address, &word, 8), error);
	assert_int_equal(session_pwrite(session, address, &word, 8), error);
	assert_int_equal(session_query_region(session, 0, &region, NULL, 0), error);
}

static void a_killed_target_is_esrch(void **state)
{
	(void)state;
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_all_fail(-ESRCH);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

static long leave(void *arg)
{
	(void)arg;
	_exit(0);
}

static void a_target_that_exits_is_esrch(void **state)
{
	(void)state;
	worker_send(target, leave, NULL, 0);
	assert_true(worker_kill(target, 0, 5000));
	assert_all_fail(-ESRCH);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

static void a_zombie_target_is_esrch(void **state)
{
	(void)state;
	worker_make_zombie(target);
	assert_all_fail(-ESRCH);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

static void a_session_can_be_bound_again_after_its_target_exited(void **state)
{
	struct worker *next = worker_start(ROOT);
	uint64_t word, nexts = memory_map_pattern(next, PAGE, 2);

	(void)state;
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_int_equal(session_bind(session, worker_pid(next)), 0);
	assert_int_equal(session_read(session, nexts, &word, 8, 0), 8);
}

static void execve_is_estale(void **state)
{
	(void)state;
	worker_exec(target, helper_path("idle"));
	assert_all_fail(-ESTALE);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXECED);
	assert_int_equal(get_target(session).pid, worker_pid(target));
	assert_string_equal(get_target(session).comm, "idle");
}

static void a_target_that_ran_execve_can_be_bound_again(void **state)
{
	struct memrw_query_region region;

	(void)state;
	worker_exec(target, helper_path("idle"));
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	assert_int_equal(session_state(session), MEMRW_TARGET_BOUND);
	assert_int_equal(session_query_region(session, 0, &region, NULL, 0), 0);
}

static void exit_after_execve_is_esrch(void **state)
{
	(void)state;
	worker_exec(target, helper_path("idle"));
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_all_fail(-ESRCH);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

static void execve_of_a_setuid_program_is_estale_and_refused_afterwards(void **state)
{
	char path[PATH_MAX];
	int fd;

	(void)state;
	setuid_program(path, sizeof(path));
	target = worker_start(MEMBER);
	address = memory_map_pattern(target, PAGE, 1);
	fd = session_open(O_RDWR);
	struct worker *caller = worker_start(MEMBER);
	struct member_request request = { .session = fd, .pid = worker_pid(target),
					  .address = address };

	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), 0);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), 8);
	setuid_exec(target, path);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), -ESTALE);
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), -ESTALE);
}

static pid_t fork_with_pid(pid_t wanted)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&wanted,
		.set_tid_size = 1,
	};
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));

	if (!pid) {
		for (;;)
			pause();
	}
	return pid;
}

static void a_process_that_got_the_pid_again_is_never_reached(void **state)
{
	pid_t wanted = worker_pid(target), pid;

	(void)state;
	assert_true(worker_kill(target, SIGKILL, 5000));
	pid = fork_with_pid(wanted);
	if (pid < 0)
		skip_because("clone3 with set_tid: %s", strerror(errno));
	assert_int_equal(pid, wanted);
	/* What is forked has this test's memory, which has the session's variable. */
	address = (uintptr_t)&session;
	assert_all_fail(-ESRCH);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
	assert_int_equal(session_bind(session, pid), 0);
	assert_int_equal(session_state(session), MEMRW_TARGET_BOUND);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static long target_pid_here(void *arg)
{
	struct memrw_get_target answer;
	int error = session_get_target(*(int *)arg, &answer);

	return error ? error : answer.pid;
}

static void get_target_in_another_pid_namespace_tells_zero(void **state)
{
	struct worker *stranger = worker_start_pidns(ROOT);

	(void)state;
	assert_int_equal(worker_call(stranger, target_pid_here, &session, sizeof(session)), 0);
}

static void get_target_tells_the_pid_of_the_callers_namespace(void **state)
{
	int fd = session_open(O_RDWR);
	struct worker *inside = worker_start_pidns(ROOT);

	(void)state;
	assert_int_equal(session_bind(fd, worker_pid(inside)), 0);
	assert_int_equal(get_target(fd).pid, worker_pid(inside));
	assert_int_equal(worker_call(inside, target_pid_here, &fd, sizeof(fd)), 1);
}

static void a_session_whose_target_is_not_shown_still_reads_it(void **state)
{
	struct worker *stranger = worker_start_pidns(ROOT);
	struct member_request request = { .session = session, .address = address };

	(void)state;
	assert_int_equal(worker_call(stranger, member_read, &request, sizeof(request)), 8);
}

static void a_child_of_the_target_is_not_the_target(void **state)
{
	pid_t child = worker_call(target, worker_fork_idle, NULL, 0);

	(void)state;
	assert_true(child > 0);
	memory_poke(target, address, 77);
	uint64_t word = 0;

	assert_int_equal(session_read(session, address, &word, 8, 0), 8);
	assert_int_equal(word, 77);
	/* The child lives on with a copy of the memory. */
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_all_fail(-ESRCH);
	kill(child, SIGKILL);
}

/*
 * 64 MiB go with the process, though the session is still open.  Of shared
 * memory, which is counted by itself: free memory goes up and down with
 * everything else that the guest does.
 */
static void a_session_does_not_keep_the_memory_of_a_dead_target(void **state)
{
	size_t length = 64 * MIB;
	long long before = file_number("/proc/meminfo", "Shmem:"), held, after;
	uint64_t shared, end;

	(void)state;
	shared = memory_map(target, 0, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);
	memory_fill(target, shared, length, 2);
	held = after = file_number("/proc/meminfo", "Shmem:");
	assert_true(held - before > 60 * 1024);
	assert_true(worker_kill(target, SIGKILL, 5000));
	for (end = now_ms() + 5000; now_ms() < end && held - after < 60 * 1024; sleep_ms(20))
		after = file_number("/proc/meminfo", "Shmem:");
	assert_true(held - after > 60 * 1024);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(a_running_target_is_bound),
		on_target(get_target_tells_the_flags_given_at_bind),
		on_target(get_target_tells_the_comm_of_proc),
		on_target(an_exited_target_keeps_the_comm_it_was_bound_with),
		on_target(a_killed_target_is_esrch),
		on_target(a_target_that_exits_is_esrch),
		on_target(a_zombie_target_is_esrch),
		on_target(a_session_can_be_bound_again_after_its_target_exited),
		on_target(execve_is_estale),
		on_target(a_target_that_ran_execve_can_be_bound_again),
		on_target(exit_after_execve_is_esrch),
		on_target(execve_of_a_setuid_program_is_estale_and_refused_afterwards),
		on_target(a_process_that_got_the_pid_again_is_never_reached),
		on_target(get_target_in_another_pid_namespace_tells_zero),
		on_target(get_target_tells_the_pid_of_the_callers_namespace),
		on_target(a_session_whose_target_is_not_shown_still_reads_it),
		on_target(a_child_of_the_target_is_not_the_target),
		on_target(a_session_does_not_keep_the_memory_of_a_dead_target),
	};

	return run_behaviours(tests);
}
