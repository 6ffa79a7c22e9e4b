// SPDX-License-Identifier: GPL-2.0-only
#include "lib/worker.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/test.h"

#define CALL_TIMEOUT_MS	20000
#define WORKERS_MAX	1024

struct worker {
	pid_t pid;
	int socket;
	bool reaped;
};

struct message {
	worker_fn fn;
	long result;
	size_t size;
	_Alignas(16) char arg[WORKER_ARG_MAX];
};

static struct worker workers[WORKERS_MAX];
static size_t worker_count;

static gid_t memrw_gid(void)
{
	struct stat st;

	if (stat("/dev/memrw", &st) < 0)
		abort();
	return st.st_gid;
}

void become(enum who who)
{
	uid_t uid = who == MEMBER ? MEMBER_UID : OUTSIDER_UID;
	gid_t group = memrw_gid();

	if (who == ROOT)
		return;
	if (setgroups(who == MEMBER ? 1 : 0, &group) < 0 || setresgid(uid, uid, uid) < 0 ||
	    setresuid(uid, uid, uid) < 0)
		abort();
	/* A program that this user had started would be: changing the uid cleared it. */
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		abort();
}

static void forget_handlers(void)
{
	/* cmocka's handlers would continue the test in the child. */
	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
}

static _Noreturn void serve(int socket, enum who who)
{
	static struct message message;

	forget_handlers();
	become(who);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (recv(socket, &message, sizeof(message), 0) > 0) {
		message.result = message.fn(message.arg);
		send(socket, &message, offsetof(struct message, arg) + message.size, 0);
	}
	_exit(0);
}

static struct worker *start(enum who who, int clone_flags)
{
	struct worker *worker = &workers[worker_count];
	int sockets[2];

	assert_true(worker_count < WORKERS_MAX);
	assert_return_code(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), errno);
	fflush(NULL);
	worker->pid = syscall(SYS_clone, clone_flags | SIGCHLD, 0, 0, 0, 0);
	if (worker->pid == 0) {
		close(sockets[0]);
		serve(sockets[1], who);
	}
	close(sockets[1]);
	assert_return_code(worker->pid, errno);
	worker->socket = sockets[0];
	worker->reaped = false;
	worker_count++;
	return worker;
}

static long ready(void *arg)
{
	(void)arg;
	return 0;
}

struct worker *worker_start(enum who who)
{
	struct worker *worker = start(who, 0);

	/* So that its rights are those of @who when this returns. */
	worker_call(worker, ready, NULL, 0);
	return worker;
}

struct worker *worker_start_pidns(enum who who)
{
	struct worker *worker = start(who, CLONE_NEWPID);

	worker_call(worker, ready, NULL, 0);
	return worker;
}

pid_t worker_pid(const struct worker *worker)
{
	return worker->pid;
}

void worker_send(struct worker *worker, worker_fn fn, const void *arg, size_t size)
{
	struct message message = { .fn = fn, .size = size };

	assert_true(size <= WORKER_ARG_MAX);
	if (size)
		memcpy(message.arg, arg, size);
	assert_true(send(worker->socket, &message, sizeof(message), MSG_NOSIGNAL) > 0);
}

bool worker_wait(struct worker *worker, unsigned int timeout_ms, void *arg, size_t size,
		 long *result)
{
	struct pollfd poll_fd = { .fd = worker->socket, .events = POLLIN };
	struct message message;

	if (poll(&poll_fd, 1, timeout_ms * patience()) <= 0)
		return false;
	if (recv(worker->socket, &message, sizeof(message), 0) <= 0)
		return false;
	if (size)
		memcpy(arg, message.arg, size);
	if (result)
		*result = message.result;
	return true;
}

long worker_call(struct worker *worker, worker_fn fn, void *arg, size_t size)
{
	long result = 0;

	worker_send(worker, fn, arg, size);
	if (!worker_wait(worker, CALL_TIMEOUT_MS, arg, size, &result))
		fail_msg("worker %d did not answer", worker->pid);
	return result;
}

static long exec_program(void *arg)
{
	execl(arg, arg, NULL);
	return -errno;
}

void worker_exec_start(struct worker *worker, const char *path)
{
	worker_send(worker, exec_program, path, strlen(path) + 1);
}

void worker_exec(struct worker *worker, const char *path)
{
	struct pollfd poll_fd = { .fd = worker->socket, .events = POLLIN };
	struct message message;

	worker_exec_start(worker, path);
	assert_true(poll(&poll_fd, 1, CALL_TIMEOUT_MS) > 0);
	/* execve closes the worker's end after it has replaced the memory. */
	if (recv(worker->socket, &message, sizeof(message), 0) > 0)
		fail_msg("execve of %s: %s", path, strerror(-message.result));
}

static bool reaped(void *arg)
{
	struct worker *worker = arg;

	if (!worker->reaped && waitpid(worker->pid, NULL, WNOHANG) == worker->pid)
		worker->reaped = true;
	return worker->reaped;
}

bool worker_kill(struct worker *worker, int signal, unsigned int timeout_ms)
{
	if (worker->reaped)
		return true;
	kill(worker->pid, signal);
	return eventually(reaped, worker, timeout_ms);
}

void worker_make_zombie(struct worker *worker)
{
	siginfo_t info;

	kill(worker->pid, SIGKILL);
	assert_return_code(waitid(P_PID, worker->pid, &info, WEXITED | WNOWAIT), errno);
}

void workers_stop(void)
{
	/* All get the signal before any is waited for: one may be blocked by another's memory. */
	for (size_t i = 0; i < worker_count; i++) {
		if (!workers[i].reaped)
			kill(workers[i].pid, SIGKILL);
		close(workers[i].socket);
	}
	for (size_t i = 0; i < worker_count; i++) {
		if (!eventually(reaped, &workers[i], CALL_TIMEOUT_MS))
			note("worker %d cannot be killed", workers[i].pid);
	}
	worker_count = 0;
}

long worker_fork_idle(void *arg)
{
	pid_t parent = getpid(), pid = fork();

	(void)arg;
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have ended before that, and this would hold its output open for ever. */
	while (getppid() == parent)
		pause();
	_exit(0);
}
