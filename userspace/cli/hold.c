// SPDX-License-Identifier: GPL-2.0-only

#include "hold.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "guardian.h"
#include "process_status.h"
#include "report.h"

/*
 * struct hold - the near end of a guardian
 * @guardian: its pid
 * @channel: to it; that this is closed is the sign to let the target go
 * @pidfd: of the target
 */
struct hold {
	pid_t guardian;
	int channel;
	int pidfd;
	unsigned int way;
};

static void close_keeping_errno(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

/*
 * Beginning.  Functions return 0, or -1 with errno.
 */

/* What is behind the pidfd is the target only if that lives now. */
static int open_pidfd(struct memrw_target *target)
{
	int pidfd = syscall(SYS_pidfd_open, memrw_target_pid(target), 0);
	enum memrw_state state;

	if (pidfd < 0)
		return -1;
	if (memrw_target_state(target, &state) == 0) {
		if (state == MEMRW_STATE_BOUND)
			return pidfd;
		errno = state == MEMRW_STATE_EXITED ? ESRCH : ESTALE;
	}
	close_keeping_errno(pidfd);
	return -1;
}

/* Interrupted or not: the guardian always answers, or is no more. */
static int hear(int channel, struct guardian_answer *answer)
{
	ssize_t got;

	do {
		got = recv(channel, answer, sizeof(*answer), 0);
	} while (got < 0 && errno == EINTR);
	errno = got > 0 ? answer->error : ECHILD;
	return errno ? -1 : 0;
}

/* A guardian that was killed has continued nothing that SIGSTOP has stopped. */
static int reap(struct hold *hold)
{
	int status = 0;
	pid_t pid;

	close_keeping_errno(hold->channel);
	do {
		pid = waitpid(hold->guardian, &status, 0);
	} while (pid < 0 && errno == EINTR);
	if (pid < 0 || !WIFSIGNALED(status))
		return 0;
	if (hold->way == HOLD_BY_SIGNAL)
		syscall(SYS_pidfd_send_signal, hold->pidfd, SIGCONT, NULL, 0);
	errno = ECHILD;
	return -1;
}

static int start_guardian(struct hold *hold, pid_t pid)
{
	struct guardian_answer ready;
	int ends[2], error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	hold->guardian = fork();
	if (hold->guardian == 0)
		guardian_run(pid, hold->pidfd, hold->way, ends[1]);
	close_keeping_errno(ends[1]);
	hold->channel = ends[0];
	if (hold->guardian < 0) {
		close_keeping_errno(ends[0]);
		return -1;
	}
	if (hear(hold->channel, &ready) == 0)
		return 0;
	error = errno;
	reap(hold);
	errno = error;
	return -1;
}

static int start(struct hold *hold, pid_t pid, unsigned int ways)
{
	hold->way = HOLD_BY_TRACING;
	if ((ways & HOLD_BY_TRACING) && start_guardian(hold, pid) == 0)
		return 0;
	if ((ways & HOLD_BY_TRACING) && errno != EPERM)
		return -1;
	/* SIGSTOP would end up with the other tracer. */
	if (process_status(pid, "TracerPid:") > 0) {
		errno = EBUSY;
		return -1;
	}
	hold->way = HOLD_BY_SIGNAL;
	if (ways & HOLD_BY_SIGNAL)
		return start_guardian(hold, pid);
	errno = EPERM;
	return -1;
}

struct hold *hold_begin(struct memrw_target *target, unsigned int ways)
{
	pid_t pid = memrw_target_pid(target);
	struct hold *hold;
	int error;

	if (pid == getpid()) {
		errno = EDEADLK;
		return NULL;
	}
	hold = calloc(1, sizeof(*hold));
	if (!hold)
		return NULL;
	hold->pidfd = open_pidfd(target);
	if (hold->pidfd >= 0 && start(hold, pid, ways) == 0)
		return hold;
	error = errno;
	close_keeping_errno(hold->pidfd);
	free(hold);
	errno = error;
	return NULL;
}

static void report_failure(const struct memrw_target *target, int error)
{
	const char *comm = memrw_target_comm(target);
	pid_t pid = memrw_target_pid(target);

	switch (error) {
	case EPERM:
		report(comm, "it cannot be held still: you may neither trace it nor send it a signal");
		break;
	case EBUSY:
		report(comm, "it cannot be held still: process %ld traces it",
		       process_status(pid, "TracerPid:"));
		break;
	case EDEADLK:
		report(comm, "it cannot be held still: it is this very process");
		break;
	case ESRCH:
		report(comm, "the process has exited");
		break;
	case ESTALE:
		report(comm, "the process runs another program since (execve)");
		break;
	default:
		report(comm, "it cannot be held still: %s", strerror(error));
	}
}

struct hold *hold_begin_reported(struct memrw_target *target)
{
	struct hold *hold = hold_begin(target, HOLD_ANY_WAY);

	if (!hold)
		report_failure(target, errno);
	return hold;
}

/*
 * Held
 */

unsigned int hold_way(const struct hold *hold)
{
	return hold->way;
}

ssize_t hold_registers(struct hold *hold, pid_t tid, unsigned int set,
		       void *buffer, size_t size)
{
	struct guardian_request request = { .tid = tid, .set = set };
	struct guardian_answer registers;

	if (hold->way != HOLD_BY_TRACING) {
		errno = ENOTSUP;
		return -1;
	}
	/* It cannot have to wait: the channel is empty between the answers. */
	if (send(hold->channel, &request, sizeof(request), MSG_NOSIGNAL) < 0) {
		errno = ECHILD;
		return -1;
	}
	if (hear(hold->channel, &registers) < 0)
		return -1;
	if (registers.length > size) {
		errno = ENOBUFS;
		return -1;
	}
	memcpy(buffer, registers.bytes, registers.length);
	return registers.length;
}

/*
 * Ending
 */

int hold_end(struct hold *hold)
{
	int result;

	if (!hold)
		return 0;
	result = reap(hold);
	close_keeping_errno(hold->pidfd);
	free(hold);
	return result;
}

int hold_end_reported(struct hold *hold)
{
	if (hold_end(hold) == 0)
		return STATUS_DONE;
	report("--stop", "the process that held the target was killed: the target has been running");
	return STATUS_FAILED;
}
