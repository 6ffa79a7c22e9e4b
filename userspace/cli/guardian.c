// SPDX-License-Identifier: GPL-2.0-only
/*
 * Until it is through with the target, no signal but SIGKILL ends the guardian,
 * and no terminal is its own.  What it traces is let go by the kernel when it
 * exits, with the signals that were on their way.
 */

#include "guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "hold.h"
#include "threads.h"

/* How long a thread may take to stop, and how often it is looked for. */
#define PATIENCE_NS	1000000000LL
#define LOOK_NS		200000LL

/* struct tracee - a thread that is traced; dead ones have the tid 0 */
struct tracee {
	pid_t tid;
	bool stopped;
};

/*
 * struct guardian - what guardian_run() was told, and what it holds
 * @sent: SIGSTOP was sent
 */
struct guardian {
	pid_t pid;
	int pidfd;
	int channel;
	struct tracee *tracees;
	size_t count;
	bool sent;
};

static void look_later(void)
{
	struct timespec pause = { .tv_nsec = LOOK_NS };

	nanosleep(&pause, NULL);
}

/*
 * By tracing.  Functions return 0, or an errno value.
 */

static struct tracee *find(struct guardian *guardian, pid_t tid)
{
	for (size_t i = 0; i < guardian->count; i++) {
		if (guardian->tracees[i].tid == tid)
			return &guardian->tracees[i];
	}
	return NULL;
}

static int add(struct guardian *guardian, pid_t tid)
{
	struct tracee *grown = realloc(guardian->tracees,
				       (guardian->count + 1) * sizeof(*grown));

	if (!grown)
		return ENOMEM;
	guardian->tracees = grown;
	grown[guardian->count++] = (struct tracee){ .tid = tid };
	return 0;
}

static int seize(struct guardian *guardian, pid_t tid)
{
	int error;

	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0) {
		error = errno;
		/* A thread that has ended is refused as well. */
		return threads_state(guardian->pid, tid) == 'X' ? 0 : error;
	}
	/* It fails for a thread that has ended meanwhile. */
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return add(guardian, tid);
}

/* Also: how many threads there are that were not known. */
static int seize_new(struct guardian *guardian, size_t *fresh)
{
	size_t before = guardian->count;
	pid_t *tids;
	ssize_t count = threads_list(guardian->pid, &tids);
	int error = count < 0 ? errno : 0;

	for (ssize_t i = 0; i < count && !error; i++) {
		if (!find(guardian, tids[i]))
			error = seize(guardian, tids[i]);
	}
	free(tids);
	*fresh = guardian->count - before;
	return error;
}

/*
 * A stop is looked at and left there: once it is taken, the signal for which a
 * thread has stopped would not arrive unless its tracer sends it on, and a
 * tracer that is killed does not.
 */
static void look_at(struct tracee *tracee)
{
	siginfo_t news = { .si_pid = 0 };
	int gone = waitid(P_PID, tracee->tid, &news,
			  WEXITED | WSTOPPED | __WALL | WNOHANG | WNOWAIT);

	if (!gone && !news.si_pid)
		return;
	tracee->stopped = news.si_code == CLD_TRAPPED || news.si_code == CLD_STOPPED;
	if (tracee->stopped)
		return;
	waitid(P_PID, tracee->tid, &news, WEXITED | __WALL | WNOHANG);
	tracee->tid = 0;
}

static bool all_stopped(struct guardian *guardian)
{
	bool stopped = true;

	for (size_t i = 0; i < guardian->count; i++) {
		struct tracee *tracee = &guardian->tracees[i];

		if (tracee->tid && !tracee->stopped)
			look_at(tracee);
		stopped &= !tracee->tid || tracee->stopped;
	}
	return stopped;
}

static void wait_for_tracees(struct guardian *guardian)
{
	int64_t end = clock_now() + PATIENCE_NS;

	while (!all_stopped(guardian) && clock_now() < end)
		look_later();
}

/* A thread that runs yet may start others: until there are no more. */
static int trace(struct guardian *guardian)
{
	size_t fresh;
	int error;

	do {
		error = seize_new(guardian, &fresh);
		wait_for_tracees(guardian);
	} while (!error && fresh > 0);
	return error;
}

/*
 * By a signal
 */

/* Are all threads stopped, or ended? */
static bool is_stopped(pid_t pid)
{
	pid_t *tids;
	ssize_t count = threads_list(pid, &tids);
	bool stopped = true;

	for (ssize_t i = 0; i < count && stopped; i++)
		stopped = strchr("TtX", threads_state(pid, tids[i])) != NULL;
	free(tids);
	return stopped;
}

static int send_signal(const struct guardian *guardian, int signal)
{
	return syscall(SYS_pidfd_send_signal, guardian->pidfd, signal, NULL, 0) < 0 ?
	       errno : 0;
}

static int stop(struct guardian *guardian)
{
	int64_t end = clock_now() + PATIENCE_NS;
	int error;

	if (is_stopped(guardian->pid))
		return send_signal(guardian, 0);
	error = send_signal(guardian, SIGSTOP);
	guardian->sent = !error;
	while (!error && !is_stopped(guardian->pid) && clock_now() < end)
		look_later();
	return error;
}

/*
 * The conversation
 */

static void answer(const struct guardian *guardian,
		   const struct guardian_answer *answer)
{
	size_t length = offsetof(struct guardian_answer, bytes) + answer->length;

	/* Whoever does not listen is gone, and seen to be when there is a request. */
	send(guardian->channel, answer, length, MSG_NOSIGNAL);
}

static void answer_request(struct guardian *guardian,
			   const struct guardian_request *request)
{
	struct guardian_answer registers = { .error = 0 };
	struct iovec room = { registers.bytes, sizeof(registers.bytes) };

	if (ptrace(PTRACE_GETREGSET, request->tid, (void *)(uintptr_t)request->set,
		   &room) < 0)
		registers.error = errno;
	else
		registers.length = room.iov_len;
	answer(guardian, &registers);
}

/* Of a target that is killed, the tracer is the first to be told. */
static void reap(struct guardian *guardian, int children)
{
	struct signalfd_siginfo news;

	/* It is there to be read, and what it says does not matter. */
	if (read(children, &news, sizeof(news)) < 0)
		return;
	for (size_t i = 0; i < guardian->count; i++) {
		if (guardian->tracees[i].tid)
			look_at(&guardian->tracees[i]);
	}
}

static void serve(struct guardian *guardian)
{
	struct guardian_request request;
	struct pollfd ready[2] = { { .fd = guardian->channel, .events = POLLIN } };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	ready[1] = (struct pollfd){ .fd = signalfd(-1, &child, 0), .events = POLLIN };
	while (poll(ready, 2, -1) > 0) {
		if (ready[1].revents)
			reap(guardian, ready[1].fd);
		if (!ready[0].revents)
			continue;
		if (recv(guardian->channel, &request, sizeof(request), 0) != sizeof(request))
			break;
		answer_request(guardian, &request);
	}
}

/* The other end of the channel is among what was inherited: away with it. */
static void give_up_all_else(struct guardian *guardian)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	/* The parent may have had it ignored, and waitpid() needs it. */
	signal(SIGCHLD, SIG_DFL);
	setsid();
	prctl(PR_SET_NAME, "memrw-guardian");
	/* Where the standard ones were closed, these may be among them. */
	guardian->channel = dup2(fcntl(guardian->channel, F_DUPFD, 3), STDIN_FILENO);
	guardian->pidfd = dup2(fcntl(guardian->pidfd, F_DUPFD, 3), STDOUT_FILENO);
	dup2(guardian->pidfd, STDERR_FILENO);
	closefrom(STDERR_FILENO + 1);
}

/* The threads were found by numbers, which could be another's after an exit. */
static bool has_exited(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return poll(&end, 1, 0) > 0;
}

_Noreturn void guardian_run(pid_t pid, int pidfd, unsigned int way, int channel)
{
	struct guardian guardian = { .pid = pid, .pidfd = pidfd, .channel = channel };
	struct guardian_answer ready = { .error = 0 };

	give_up_all_else(&guardian);
	ready.error = way == HOLD_BY_TRACING ? trace(&guardian) : stop(&guardian);
	if (!ready.error && has_exited(guardian.pidfd))
		ready.error = ESRCH;
	answer(&guardian, &ready);
	if (!ready.error)
		serve(&guardian);
	if (guardian.sent)
		send_signal(&guardian, SIGCONT);
	_exit(0);
}
