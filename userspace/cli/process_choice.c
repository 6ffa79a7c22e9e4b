// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "process_choice.h"
#include "command.h"
#include "process_status.h"
#include "report.h"

#define NAME_PREFIX	"name:"

/* Between two looks at /proc: short for a person, long for a processor. */
#define WAIT_STEP_MS	50

/* Each function returns the pid, or 0 after a report with @options' status. */

static bool is_number(const char *text)
{
	return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static pid_t parse_pid(struct options *options, const char *what, const char *text)
{
	uint64_t number;

	/* Leading zeros are no octal here. */
	errno = 0;
	number = is_number(text) ? strtoull(text, NULL, 10) : 0;
	if (errno == 0 && number > 0 && number <= INT_MAX)
		return number;
	options->status = report_usage(options->subcommand,
				       "%s '%s' is not a process ID", what, text);
	return 0;
}

/*
 * Names
 */

static void report_several(const char *name, const pid_t *pids, size_t count)
{
	report(name, "%zu processes have that name: choose one by its ID, with --pid",
	       count);
	for (size_t i = 0; i < count; i++) {
		char started[32], command[256];

		report_note("  %d  %s  %s", pids[i],
			    process_start(pids[i], started, sizeof(started)),
			    process_command(pids[i], command, sizeof(command)));
	}
}

/* Return: how many processes have the name, or -1 after a report. */
static ssize_t look(const char *name, pid_t *pid)
{
	pid_t *pids;
	ssize_t count = memrw_process_find(name, &pids);

	if (count < 0) {
		report("/proc", "%s", strerror(errno));
		return -1;
	}
	if (count > 1)
		report_several(name, pids, count);
	if (count == 1)
		*pid = pids[0];
	free(pids);
	return count;
}

static pid_t find_pid(struct options *options, const char *name)
{
	pid_t pid = 0;

	options->status = STATUS_FAILED;
	if (look(name, &pid) == 0)
		report(name, "no process has that name (--wait=%s waits for one)", name);
	return pid;
}

/*
 * Waiting
 */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void pause_ms(int64_t milliseconds)
{
	struct timespec pause = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};

	nanosleep(&pause, NULL);
}

/* Ctrl-C ends it as it ends any program. */
static pid_t wait_for(struct options *options, const char *name)
{
	int64_t deadline = now_ms() + options->timeout_ms;
	pid_t pid = 0;

	options->status = STATUS_FAILED;
	while (look(name, &pid) == 0) {
		int64_t left = options->timed ? deadline - now_ms() : WAIT_STEP_MS;

		if (left <= 0) {
			report(name, "no process of that name has started in time");
			return 0;
		}
		pause_ms(left < WAIT_STEP_MS ? left : WAIT_STEP_MS);
	}
	return pid;
}

static pid_t choose_by_name(struct options *options, const char *name)
{
	if (strncmp(name, NAME_PREFIX, strlen(NAME_PREFIX)) == 0)
		name += strlen(NAME_PREFIX);
	if (name[0] == '\0') {
		options->status = report_usage(options->subcommand,
					       options->choice == CHOICE_WAIT ?
					       "NAME is empty" : "TARGET is empty");
		return 0;
	}
	return options->choice == CHOICE_WAIT ? wait_for(options, name) :
						find_pid(options, name);
}

pid_t choose_process(struct options *options, const char *text)
{
	if (options->choice == CHOICE_PID)
		return parse_pid(options, "--pid", text);
	if (options->choice == CHOICE_OPERAND && is_number(text))
		return parse_pid(options, "TARGET", text);
	return choose_by_name(options, text);
}
