// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY	65534

static char program[PATH_MAX];

enum memrw_backend unit_via(void)
{
	const char *via = getenv("MEMRW_TEST_VIA");

	return via && !strcmp(via, "driver") ? MEMRW_BACKEND_DRIVER :
					       MEMRW_BACKEND_PROCFS;
}

/*
 * Children
 */

static void answer_calls(int call, int answer, child_fn fn)
{
	long value;

	while (read(call, &value, sizeof(value)) == sizeof(value)) {
		value = fn(value);
		if (write(answer, &value, sizeof(value)) != sizeof(value))
			break;
	}
	_exit(0);
}

/* The far ends of the two pipes, which outlive an execve(). */
static int child_call_fd = -1, child_answer_fd = -1;

static void open_pipes(struct child *child)
{
	int call[2], answer[2];

	assert_int_equal(pipe(call), 0);
	assert_int_equal(pipe(answer), 0);
	*child = (struct child){ .call = call[1], .answer = answer[0] };
	child_call_fd = call[0];
	child_answer_fd = answer[1];
}

static void close_far_ends(void)
{
	close(child_call_fd);
	close(child_answer_fd);
}

/* Else the child would hold open the pipe whose end it waits for. */
static void enter_child(const struct child *child)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(child->call);
	close(child->answer);
}

void child_start(struct child *child, child_fn fn)
{
	open_pipes(child);
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (!child->pid) {
		enter_child(child);
		answer_calls(child_call_fd, child_answer_fd, fn);
	}
	close_far_ends();
}

static void run_vforked(const struct child *child, child_fn fn)
{
	long pid;

	enter_child(child);
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pid = getpid();
		if (write(child_answer_fd, &pid, sizeof(pid)) == sizeof(pid))
			answer_calls(child_call_fd, child_answer_fd, fn);
		_exit(1);
	}
	/* The memory stays, and so does the zombie. */
	close_far_ends();
	for (;;)
		pause();
}

void child_start_vforked(struct child *child, child_fn fn)
{
	long pid;

	open_pipes(child);
	child->parent = fork();
	assert_true(child->parent >= 0);
	if (!child->parent)
		run_vforked(child, fn);
	close_far_ends();
	assert_int_equal(read(child->answer, &pid, sizeof(pid)), sizeof(pid));
	child->pid = pid;
}

long child_call(struct child *child, long argument)
{
	long value;

	assert_int_equal(write(child->call, &argument, sizeof(argument)),
			 sizeof(argument));
	if (read(child->answer, &value, sizeof(value)) != sizeof(value))
		return -1;
	return value;
}

void child_wait_zombie(struct child *child)
{
	siginfo_t info;

	assert_int_equal(waitid(P_PID, child->pid, &info, WEXITED | WNOWAIT), 0);
}

void child_stop(struct child *child)
{
	if (!child->pid)
		return;
	kill(child->pid, SIGKILL);
	if (child->parent)
		kill(child->parent, SIGKILL);
	waitpid(child->parent ? child->parent : child->pid, NULL, 0);
	close(child->call);
	close(child->answer);
	child->pid = 0;
}

long child_exec(long argument)
{
	char call[16], answer[16];

	(void)argument;
	snprintf(call, sizeof(call), "%d", child_call_fd);
	snprintf(answer, sizeof(answer), "%d", child_answer_fd);
	execl(program, program, "--child", call, answer, NULL);
	_exit(1);
}

static long answer_new_image(long argument)
{
	if (argument == CHILD_EXEC_AGAIN)
		child_exec(0);
	return CHILD_NEW_IMAGE;
}

static void be_new_image(char **argv)
{
	long value = CHILD_NEW_IMAGE;

	child_call_fd = atoi(argv[2]);
	child_answer_fd = atoi(argv[3]);
	/* The call that led here is still unanswered. */
	if (write(child_answer_fd, &value, sizeof(value)) == sizeof(value))
		answer_calls(child_call_fd, child_answer_fd, answer_new_image);
	_exit(1);
}

/*
 * Privileges
 */

static void drop_privileges(void)
{
	if (!geteuid() && (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
			   setresuid(NOBODY, NOBODY, NOBODY)))
		_exit(255);
	/* Which the change of user took away. */
	prctl(PR_SET_DUMPABLE, 1);
}

static int run(int (*fn)(void), bool unprivileged)
{
	int channel[2], line = -1;
	pid_t pid;

	assert_int_equal(pipe(channel), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unprivileged)
			drop_privileges();
		line = fn();
		_exit(write(channel[1], &line, sizeof(line)) != sizeof(line));
	}
	close(channel[1]);
	if (read(channel[0], &line, sizeof(line)) != sizeof(line))
		line = -1;
	close(channel[0]);
	waitpid(pid, NULL, 0);
	return line;
}

int run_in_child(int (*fn)(void))
{
	return run(fn, false);
}

int run_unprivileged(int (*fn)(void))
{
	return run(fn, true);
}

void unit_init(int argc, char **argv)
{
	ssize_t length;

	length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length < 0)
		exit(1);
	if (argc == 4 && !strcmp(argv[1], "--child"))
		be_new_image(argv);
	cmocka_set_message_output(CM_OUTPUT_TAP);
}
