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

#define LONG_NAME	"memrw-a-name-past-15-bytes"

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
	pid_t *pids, child = start_named("memrw-unit-one");

	(void)state;
	assert_int_equal(memrw_process_find("memrw-unit-one", &pids), 1);
	assert_int_equal(pids[0], child);
	free(pids);
	stop(child);
}

static void a_name_may_have_blanks_and_brackets(void **state)
{
	pid_t *pids, child = start_named("u) S 1 (m");

	(void)state;
	assert_int_equal(memrw_process_find("u) S 1 (m", &pids), 1);
	assert_int_equal(pids[0], child);
	free(pids);
	stop(child);
}

static void processes_of_one_name_come_in_rising_order(void **state)
{
	pid_t *pids, one = start_named("memrw-unit-two"), two = start_named("memrw-unit-two");

	(void)state;
	assert_int_equal(memrw_process_find("memrw-unit-two", &pids), 2);
	assert_true(pids[0] < pids[1]);
	assert_true(pids[0] == one || pids[0] == two);
	assert_true(pids[1] == one || pids[1] == two);
	free(pids);
	stop(one);
	stop(two);
}

static void part_of_a_name_is_not_enough(void **state)
{
	pid_t *pids, child = start_named("memrw-unit-part");

	(void)state;
	assert_int_equal(memrw_process_find("memrw-unit-par", &pids), 0);
	assert_null(pids);
	assert_int_equal(memrw_process_find("memrw-unit-part-of-it", &pids), 0);
	assert_null(pids);
	stop(child);
}

static void a_zombie_is_not_found(void **state)
{
	pid_t *pids, child = start_named("memrw-unit-dead");
	siginfo_t info;

	(void)state;
	kill(child, SIGKILL);
	assert_int_equal(waitid(P_PID, child, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(memrw_process_find("memrw-unit-dead", &pids), 0);
	assert_null(pids);
	stop(child);
}

static void the_caller_is_left_out(void **state)
{
	char name[16];
	pid_t *pids;

	(void)state;
	prctl(PR_GET_NAME, name);
	prctl(PR_SET_NAME, "memrw-unit-self");
	assert_int_equal(memrw_process_find("memrw-unit-self", &pids), 0);
	assert_null(pids);
	prctl(PR_SET_NAME, name);
}

/* A script's name is its file's too, but its executable is the interpreter. */
static pid_t start_long_named(char *directory)
{
	char command[256], path[128];
	int ready[2];
	pid_t pid;
	char byte;

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/" LONG_NAME, directory);
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
	char directory[] = "/tmp/memrw-unit-XXXXXX", path[128];
	pid_t *pids, child = start_long_named(directory);

	(void)state;
	assert_int_equal(memrw_process_find(LONG_NAME, &pids), 1);
	assert_int_equal(pids[0], child);
	free(pids);
	assert_int_equal(memrw_process_find(LONG_NAME "X", &pids), 0);

	snprintf(path, sizeof(path), "%s/" LONG_NAME, directory);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
	assert_int_equal(memrw_process_find(LONG_NAME, &pids), 1);
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
