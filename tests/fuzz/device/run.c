// SPDX-License-Identifier: GPL-2.0-only
#include "run.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cast.h"
#include "guard.h"
#include "watch_calls.h"
#include "window_calls.h"
#include "zone.h"

int *run_slot(struct run *run, uint64_t slot)
{
	return &run->slots[slot % RUN_SLOTS];
}

void run_fail(struct run *run, const char *format, ...)
{
	va_list args;

	if (run->result->failure[0])
		return;
	va_start(args, format);
	vsnprintf(run->result->failure, RUN_FAILURE, format, args);
	va_end(args);
}

static bool is_among(const int *errors, int error)
{
	if (!errors)
		return true;
	while (*errors && *errors != error)
		errors++;
	return *errors;
}

static void run_call(struct run *run, const struct call *call)
{
	const struct op *op = &ops[call->op];
	uintptr_t wrong;
	long ret;

	guard_begin();
	ret = op->run(run, call->args);
	wrong = guard_end();
	run->result->calls++;
	run->result->made[call->op]++;
	run->result->succeeded[call->op] += ret >= 0;
	if (wrong)
		run_fail(run, "%s: the caller's memory at %#lx has changed", op->name,
			 (unsigned long)wrong);
	if (ret < 0 && !is_among(op->errors, -ret))
		run_fail(run, "%s: failed with %s, which is none of its errors", op->name,
			 strerrorname_np(-ret));
}

/* The same calls in a process that shares the descriptors. */
static void run_in_fork(struct run *run, const struct call *calls, unsigned int count)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		run->forked = true;
		for (unsigned int i = 0; i < count; i++)
			run_call(run, &calls[i]);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		run_fail(run, "fork: the second process ended with status %#x", status);
}

static void run_calls(struct run *run, const struct program *program)
{
	for (unsigned int i = 0; i < program->count; i++) {
		run_call(run, &program->calls[i]);
		if (run->to_fork) {
			unsigned int rest = program->count - i - 1;

			run_in_fork(run, &program->calls[i + 1],
				    run->to_fork < rest ? run->to_fork : rest);
			run->to_fork = 0;
		}
	}
}

/* The lowest that is free: another one than before where one was left open. */
static int free_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(2, "/dev/null");
	close(fd);
	return fd;
}

static void begin(struct run *run, int *free_fd)
{
	zone_map_buffer();
	guard_fill();
	for (unsigned int i = 0; i < RUN_SLOTS; i++)
		run->slots[i] = -1;
	for (unsigned int i = 0; i < RUN_WATCHES; i++)
		run->watches[i].fd = -1;
	*free_fd = free_descriptor();
}

static void end(struct run *run, int free_fd)
{
	for (unsigned int i = 0; i < RUN_SLOTS; i++)
		if (run->slots[i] >= 0)
			close(run->slots[i]);
	watches_close(run);
	windows_unmap();
	if (free_descriptor() != free_fd)
		run_fail(run, "a descriptor was left open");
}

void run_program(const struct program *program, struct result *result)
{
	struct run run = { .result = result };
	int free_fd;

	begin(&run, &free_fd);
	run_calls(&run, program);
	end(&run, free_fd);
	cast_renew();
}
