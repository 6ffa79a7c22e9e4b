// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding processes by their names, among children of this one.
 */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "memrw.h"

/* As the kernel has them. */
#define NAME_SIZE	16

/* A name of this run's own: another one may be under way. */
static void make_name(char *name, size_t size, const char *end)
{
	snprintf(name, size, "%d%s", getpid(), end);
}

/* A child that has the name, and waits to be killed. */
static pid_t start_named(const char *name)
{
	int ready[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void a_process_is_found_by_its_name(void **state)
{
	char name[NAME_SIZE];
	pid_t *pids, child;

	(void)state;
	make_name(name, sizeof(name), "-one");
	child = start_named(name);
	assert_int_equal(memrw_process_find(name, &pids), 1);
	assert_int_equal(pids[0], child);
	free(pids);
	stop(child);
}

static void a_name_may_have_blanks_and_brackets(void **state)
{
	char name[NAME_SIZE];
	pid_t *pids, child;

	(void)state;
	make_name(name, sizeof(name), ") S 1 (m");
	child = start_named(name);
	assert_int_equal(memrw_process_find(name, &pids), 1);
	assert_int_equal(pids[0], child);
	free(pids);
	stop(child);
}

static void processes_of_one_name_come_in_rising_order(void **state)
{
	char name[NAME_SIZE];
	pid_t *pids, one, two;

	(void)state;
	make_name(name, sizeof(name), "-two");
	one = start_named(name);
	two = start_named(name);
	assert_int_equal(memrw_process_find(name, &pids), 2);
	assert_true(pids[0] < pids[1]);
	assert_true(pids[0] == one || pids[0] == two);
	assert_true(pids[1] == one || pids[1] == two);
	free(pids);
	stop(one);
	stop(two);
}

static void part_of_a_name_is_not_enough(void **state)
{
	char name[NAME_SIZE], other[2 * NAME_SIZE];
	pid_t *pids, child;

	(void)state;
	make_name(name, sizeof(name), "-part");
	child = start_named(name);
	make_name(other, sizeof(other), "-par");
	assert_int_equal(memrw_process_find(other, &pids), 0);
	assert_null(pids);
	make_name(other, sizeof(other), "-part-of-it");
	assert_int_equal(memrw_process_find(other, &pids), 0);
	assert_null(pids);
	stop(child);
}

static void a_zombie_is_not_found(void **state)
{
	char name[NAME_SIZE];
	pid_t *pids, child;
	siginfo_t info;

	(void)state;
	make_name(name, sizeof(name), "-dead");
	child = start_named(name);
	kill(child, SIGKILL);
	assert_int_equal(waitid(P_PID, child, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(memrw_process_find(name, &pids), 0);
	assert_null(pids);
	stop(child);
}

static void the_caller_is_left_out(void **state)
{
	char before[NAME_SIZE], name[NAME_SIZE];
	pid_t *pids;

	(void)state;
	prctl(PR_GET_NAME, before);
	make_name(name, sizeof(name), "-self");
	prctl(PR_SET_NAME, name);
	assert_int_equal(memrw_process_find(name, &pids), 0);
	assert_null(pids);
	prctl(PR_SET_NAME, before);
}

/* A script's name is its file's too, but its executable is the interpreter. */
static pid_t start_long_named(const char *path)
{
	char command[256];
	int ready[2];
	pid_t pid;
	char byte;

	snprintf(command, sizeof(command), "cp /proc/%d/exe %s", getpid(), path);
	assert_int_equal(system(command), 0);

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ready[1], STDOUT_FILENO);
		execl(path, path, "wait", NULL);
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void a_long_name_is_that_of_the_executable(void **state)
{
	char directory[] = "/tmp/memrw-unit-XXXXXX", path[128], name[64], longer[64];
	pid_t *pids, child;

	(void)state;
	make_name(name, sizeof(name), "-a-name-past-15-bytes");
	make_name(longer, sizeof(longer), "-a-name-past-15-bytesX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	child = start_long_named(path);
	assert_int_equal(memrw_process_find(name, &pids), 1);
	assert_int_equal(pids[0], child);
	free(pids);
	assert_int_equal(memrw_process_find(longer, &pids), 0);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
	assert_int_equal(memrw_process_find(name, &pids), 1);
	free(pids);
	stop(child);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_found_by_its_name),
		cmocka_unit_test(a_name_may_have_blanks_and_brackets),
		cmocka_unit_test(processes_of_one_name_come_in_rising_order),
		cmocka_unit_test(part_of_a_name_is_not_enough),
		cmocka_unit_test(a_zombie_is_not_found),
		cmocka_unit_test(the_caller_is_left_out),
		cmocka_unit_test(a_long_name_is_that_of_the_executable),
	};

	if (argc > 1 && strcmp(argv[1], "wait") == 0)
		return write(STDOUT_FILENO, "", 1) == 1 ? pause() : 1;
	return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
