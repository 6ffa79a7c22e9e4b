// SPDX-License-Identifier: GPL-2.0-only
#include "rivals.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIECE	(256 << 10)

static double read_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

struct times times_now(void)
{
	return (struct times){
		.clock = read_clock(CLOCK_MONOTONIC),
		.cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID),
	};
}

struct times times_less(struct times whole, struct times part)
{
	return (struct times){
		.clock = whole.clock - part.clock,
		.cpu = whole.cpu - part.cpu,
		.more = whole.more,
	};
}

struct times times_since(struct times start)
{
	return times_less(times_now(), start);
}

struct times times_least(struct times a, struct times b)
{
	return (struct times){
		.clock = a.clock < b.clock ? a.clock : b.clock,
		.cpu = a.cpu < b.cpu ? a.cpu : b.cpu,
	};
}

/*
 * Reading
 */

struct reading {
	const struct target *target;
	size_t next;
};

static void *read_pieces(void *data)
{
	struct reading *reading = data;
	const struct target *target = reading->target;
	void *buffer = malloc(PIECE);
	size_t at;

	while ((at = __atomic_fetch_add(&reading->next, PIECE, __ATOMIC_RELAXED)) < target->length) {
		struct iovec local = { buffer, PIECE };
		struct iovec remote = { (void *)(uintptr_t)(target->start + at), PIECE };

		if (process_vm_readv(target->pid, &local, 1, &remote, 1, 0) != PIECE) {
			fprintf(stderr, "scan: cannot read the target\n");
			exit(1);
		}
	}
	free(buffer);
	return NULL;
}

struct times time_reading(const struct target *target, unsigned int threads)
{
	struct reading reading = { .target = target };
	pthread_t ids[64];
	struct times start = times_now();

	for (unsigned int i = 0; i < threads; i++)
		pthread_create(&ids[i], NULL, read_pieces, &reading);
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	return times_since(start);
}

/*
 * scanmem
 */

bool has_scanmem(void)
{
	return !system("command -v scanmem >/dev/null 2>&1");
}

static void run_scanmem(const char *pid, const char *commands)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	alarm(SCANMEM_LIMIT);
	execlp("scanmem", "scanmem", "-p", pid, "-c", commands, (char *)NULL);
	_exit(127);
}

static struct times time_process(const struct target *target, const char *commands)
{
	double start = read_clock(CLOCK_MONOTONIC);
	struct times times = { .clock = -1 };
	struct rusage usage;
	char pid_text[16];
	int status;
	pid_t pid;

	snprintf(pid_text, sizeof(pid_text), "%d", target->pid);
	pid = fork();
	if (!pid)
		run_scanmem(pid_text, commands);
	if (wait4(pid, &status, 0, &usage) != pid)
		return times;
	times.more = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
	if (!times.more && status)
		return times;
	times.clock = read_clock(CLOCK_MONOTONIC) - start;
	times.cpu = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6 +
		    usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
	return times;
}

struct times time_scanmem(const struct target *target, const char *commands)
{
	struct times whole, nothing;
	char all[256];

	snprintf(all, sizeof(all), "%s;exit", commands);
	nothing = time_process(target, "exit");
	whole = time_process(target, all);
	if (whole.clock < 0 || nothing.clock < 0)
		return (struct times){ .clock = -1 };
	return times_less(whole, nothing);
}
