// SPDX-License-Identifier: GPL-2.0-only
#include "gdb.h"

#include <err.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM	"/usr/bin/gdb"

/* SIGUSR1 says that the target is through. */
static const char script[] =
	"set pagination off\n"
	"handle SIGUSR1 stop nopass\n"
	"watch *(unsigned long *)%#" PRIx64 "\n"
	"commands\n"
	"silent\n"
	"continue\n"
	"end\n"
	"echo ready\\n\n"
	"continue\n"
	"info breakpoints\n"
	"detach\n";

bool gdb_is_there(void)
{
	return !access(PROGRAM, X_OK);
}

/* A file that gdb inherits. */
static int write_script(void)
{
	int fd = memfd_create("script", 0);

	if (fd < 0 || dprintf(fd, script, stores_address()) < 0)
		err(1, "a script for gdb");
	return fd;
}

static _Noreturn void be_gdb(pid_t target, int commands, int output)
{
	char path[32], pid[16];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", commands);
	snprintf(pid, sizeof(pid), "%d", target);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	execl(PROGRAM, PROGRAM, "-nx", "-batch", "-p", pid, "-x", path, NULL);
	_exit(127);
}

static pid_t start(pid_t target, FILE **output)
{
	int commands = write_script(), ends[2];
	pid_t gdb;

	if (pipe(ends) < 0)
		err(1, "pipe");
	gdb = fork();
	if (gdb < 0)
		err(1, "fork");
	if (!gdb)
		be_gdb(target, commands, ends[1]);
	close(commands);
	close(ends[1]);
	*output = fdopen(ends[0], "r");
	return gdb;
}

static void wait_until_ready(FILE *output)
{
	char line[512];

	while (fgets(line, sizeof(line), output)) {
		if (!strcmp(line, "ready\n"))
			return;
	}
	errx(1, "gdb does not watch");
}

/* Of what is left of its output. */
static unsigned long find_hits(FILE *output)
{
	unsigned long hits = 0;
	char line[512];

	while (fgets(line, sizeof(line), output))
		sscanf(line, " breakpoint already hit %lu", &hits);
	return hits;
}

unsigned long gdb_watch(pid_t target, const struct burst *burst, double *elapsed)
{
	unsigned long hits;
	FILE *output;
	pid_t gdb = start(target, &output);

	wait_until_ready(output);
	*elapsed = stores_run(burst);
	kill(target, SIGUSR1);
	hits = find_hits(output);
	fclose(output);
	waitpid(gdb, NULL, 0);
	return hits;
}
