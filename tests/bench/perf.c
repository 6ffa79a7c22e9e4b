// SPDX-License-Identifier: GPL-2.0-only
#include "perf.h"

#include <err.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM	"/usr/bin/perf"

#define REGISTERS	"ax,bx,cx,dx,si,di,bp,sp,ip,flags,cs,ss,r8,r9,r10,r11,r12,r13,r14,r15"

/*
 * struct perf
 * @file: what is recorded
 * @control, @answer: its ends of pipes; it starts when it is told to
 */
struct perf {
	char file[32];
	pid_t pid;
	int control[2], answer[2];
};

bool perf_is_there(void)
{
	return !access(PROGRAM, X_OK);
}

static _Noreturn void be_perf(const struct perf *perf, pid_t target, bool all)
{
	char event[64], control[64], pid[16];

	snprintf(event, sizeof(event), "mem:%#" PRIx64 "/8:w", stores_address());
	snprintf(control, sizeof(control), "fd:%d,%d", perf->control[0], perf->answer[1]);
	snprintf(pid, sizeof(pid), "%d", target);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execl(PROGRAM, PROGRAM, "record", "-q", "-D", "-1", "--control", control, "-o", perf->file,
	      "-e", event, "-p", pid, all ? "-g" : NULL, "--user-regs=" REGISTERS, NULL);
	_exit(127);
}

static void begin(struct perf *perf, pid_t target, bool all)
{
	char answer;

	if (pipe(perf->control) < 0 || pipe(perf->answer) < 0)
		err(1, "pipe");
	perf->pid = fork();
	if (perf->pid < 0)
		err(1, "fork");
	if (!perf->pid)
		be_perf(perf, target, all);
	close(perf->control[0]);
	close(perf->answer[1]);
	if (write(perf->control[1], "enable\n", 7) != 7 || read(perf->answer[0], &answer, 1) != 1)
		errx(1, "perf does not record");
}

static void end(const struct perf *perf)
{
	kill(perf->pid, SIGINT);
	waitpid(perf->pid, NULL, 0);
	close(perf->control[1]);
	close(perf->answer[0]);
}

/* One line for each; with callers there would be more. */
static unsigned long count_hits(const struct perf *perf)
{
	char command[128];
	unsigned long hits = 0;
	FILE *output;
	int c;

	snprintf(command, sizeof(command), PROGRAM " script -F time -i %s", perf->file);
	output = popen(command, "re");
	if (!output)
		err(1, "perf script");
	while ((c = getc(output)) != EOF)
		hits += c == '\n';
	pclose(output);
	return hits;
}

unsigned long perf_watch(pid_t target, bool all, const struct burst *burst, double *elapsed)
{
	struct perf perf = { .file = "/tmp/bench-perf.XXXXXX" };
	unsigned long hits;

	close(mkstemp(perf.file));
	begin(&perf, target, all);
	*elapsed = stores_run(burst);
	end(&perf);
	hits = count_hits(&perf);
	unlink(perf.file);
	return hits;
}
