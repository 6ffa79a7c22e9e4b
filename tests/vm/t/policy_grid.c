// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy against the kernel's own answer: every kind of caller asks for every
 * kind of target.  Under "owner" the answer is to be that of ptrace(2) and of
 * process_vm_readv(2) with Yama out of the way; under "capable", what
 * capabilities(7) and user_namespaces(7) say of CAP_SYS_PTRACE, as /proc shows it;
 * under "any", yes.
 */
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kinds.h"
#include "lib/policy.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

static int session;

/* Questions: each answer is 0 or -errno. */

struct question {
	int session;
	pid_t pid, witness;
	int memrw, ptrace, readv;
};

static int ask_ptrace(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
		return -errno;
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	waitpid(pid, NULL, __WALL);
	ptrace(PTRACE_DETACH, pid, 0, 0);
	return 0;
}

static int ask_readv(pid_t pid)
{
	uint64_t word;
	struct iovec local = { &word, sizeof(word) };
	struct iovec remote = { (void *)&callers, sizeof(word) };

	/* A bad address in it is found when it has been allowed. */
	if (process_vm_readv(pid, &local, 1, &remote, 1, 0) >= 0 || errno == EFAULT)
		return 0;
	return -errno;
}

/* Runs in the caller. */
static long ask(void *arg)
{
	struct question *question = arg;
	pid_t pid = question->pid ? question->pid : getpid();
	pid_t witness = question->witness ? question->witness : getpid();

	question->memrw = session_bind(question->session, pid);
	session_bind(question->session, 0);
	question->readv = ask_readv(witness);
	question->ptrace = ask_ptrace(pid);
	return 0;
}

/* What /proc tells of capabilities and user namespaces. */

static ino_t namespace_inode(int namespace)
{
	struct stat st;

	assert_return_code(fstat(namespace, &st), errno);
	return st.st_ino;
}

static int open_namespace(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void read_status(pid_t pid, uid_t *effective_uid, uint64_t *effective)
{
	char path[64];
	static char text[8192];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	assert_true(file_read(path, text, sizeof(text)) > 0);
	assert_int_equal(sscanf(strstr(text, "\nUid:"), "\nUid: %*u %u", effective_uid), 1);
	assert_int_equal(sscanf(strstr(text, "\nCapEff:"), "\nCapEff: %lx", effective), 1);
}

/*
 * Has the caller CAP_SYS_PTRACE in that namespace?  It has if it is effective in
 * its own and that one is its own or within, or if its effective uid owns a
 * namespace that is its own's child and has that one within.
 */
static bool has_sys_ptrace_in(pid_t caller, int namespace)
{
	int own = open_namespace(caller), parent;
	uid_t effective_uid, owner;
	uint64_t effective;

	assert_return_code(own, errno);
	read_status(caller, &effective_uid, &effective);
	namespace = dup(namespace);
	while (namespace_inode(namespace) != namespace_inode(own)) {
		assert_return_code(ioctl(namespace, NS_GET_OWNER_UID, &owner), errno);
		parent = ioctl(namespace, NS_GET_PARENT);
		close(namespace);
		namespace = parent;
		if (parent < 0)		/* that was the initial one */
			break;
		if (namespace_inode(parent) == namespace_inode(own) && owner == effective_uid)
			effective = ALL_CAPABILITIES;
	}
	close(own);
	if (namespace >= 0)
		close(namespace);
	return namespace >= 0 && effective & CAP_BIT(CAP_SYS_PTRACE);
}

/*
 * It takes the capability over both the process and its memory, which belongs to
 * the namespace in which it last ran execve(2), or to one further out if that
 * could not read the program.
 */
static bool is_capable_of(const struct started *caller, const struct target *target, pid_t pid)
{
	int namespace = open_namespace(pid), initial = open_namespace(getpid());
	bool capable;

	assert_return_code(namespace, errno);
	assert_return_code(initial, errno);
	capable = has_sys_ptrace_in(caller->pid, namespace) &&
		  has_sys_ptrace_in(caller->pid, kinds_owns_memory(target) ? namespace : initial);
	close(namespace);
	close(initial);
	return capable;
}

/* A pair's answers against what they should be: NULL, or what is wrong. */

static const char *check_owner(const struct started *caller, const struct target *target,
			       const struct question *q)
{
	(void)caller;
	if (!q->memrw != !q->readv)
		return "process_vm_readv(2) says otherwise";
	if (target->no_ptrace)
		return q->ptrace ? NULL : "ptrace(2) was not expected to work at all";
	return !q->memrw != !q->ptrace ? "ptrace(2) says otherwise" : NULL;
}

static bool is_visible_process(const struct question *q, const struct target *target)
{
	return q->ptrace != -ESRCH && target->fate != IS_ZOMBIE &&
	       target->fate != IS_KERNEL_THREAD;
}

static const char *check_capable(const struct started *caller, const struct target *target,
				 const struct question *q)
{
	bool expected = is_visible_process(q, target) &&
			is_capable_of(caller, target, q->pid ? q->pid : caller->pid);

	return !q->memrw != expected ? "the capabilities say otherwise" : NULL;
}

static const char *check_any(const struct started *caller, const struct target *target,
			     const struct question *q)
{
	(void)caller;
	return !q->memrw != is_visible_process(q, target) ? "it is one of any" : NULL;
}

typedef const char *(*check_fn)(const struct started *caller, const struct target *target,
				const struct question *q);

struct counts {
	unsigned int pairs, yes, refused, not_there, no_process, other, differing, without_ptrace;
};

static void count(struct counts *counts, const struct question *q, const struct target *target)
{
	counts->pairs++;
	switch (q->memrw) {
	case 0:
		counts->yes++;
		break;
	case -EPERM:
		counts->refused++;
		break;
	case -ESRCH:
		counts->not_there++;
		break;
	case -EINVAL:
		counts->no_process++;
		break;
	default:
		counts->other++;
	}
	if (target->no_ptrace && !q->memrw)
		counts->without_ptrace++;
}

static void ask_for_pair(size_t c, size_t t, check_fn check, struct counts *counts)
{
	const struct started *caller = kinds_caller(c), *target = kinds_target(t);
	struct question q = { .session = session, .pid = target->pid, .witness = target->witness };
	const char *wrong;

	worker_call(caller->worker, ask, &q, sizeof(q));
	count(counts, &q, &targets[t]);
	wrong = check(caller, &targets[t], &q);
	/* What is not there is to be told as such. */
	if (!wrong && !targets[t].no_ptrace && q.ptrace == -ESRCH && q.memrw != -ESRCH)
		wrong = "it is not there";
	if (!wrong)
		return;
	counts->differing++;
	note("%s asks for %s: %d, process_vm_readv %d, ptrace %d: %s", callers[c].name,
	     targets[t].kind.name, q.memrw, q.readv, q.ptrace, wrong);
}

static void ask_for_all_pairs(const char *access, check_fn check)
{
	struct counts counts = { 0 };

	policy_set(access);
	for (size_t c = 0; c < caller_count; c++) {
		for (size_t t = 0; t < target_count; t++) {
			if (kinds_caller(c)->worker && kinds_target(t)->worker)
				ask_for_pair(c, t, check, &counts);
		}
	}
	note("%s: %u pairs: %u yes, %u EPERM, %u ESRCH, %u EINVAL; of the yes %u not by ptrace",
	     access, counts.pairs, counts.yes, counts.refused, counts.not_there,
	     counts.no_process, counts.without_ptrace);
	assert_int_equal(counts.other, 0);
	assert_int_equal(counts.differing, 0);
	/* A grid that has one answer alone compares nothing. */
	assert_true(counts.yes > 0);
	assert_true(counts.not_there > 0);
}

static void owner_answers_as_the_kernel_does(void **state)
{
	(void)state;
	ask_for_all_pairs("owner", check_owner);
}

static void capable_answers_by_the_capability_alone(void **state)
{
	(void)state;
	ask_for_all_pairs("capable", check_capable);
}

static void any_answers_yes_for_every_process(void **state)
{
	(void)state;
	ask_for_all_pairs("any", check_any);
}

static int setup(void **state)
{
	(void)state;
	yama_set(0);
	/* Opened by root, so that it is the bind that is judged and not the node's mode. */
	session = session_open(O_RDWR);
	kinds_start();
	return 0;
}

static int teardown(void **state)
{
	kinds_stop();
	return test_teardown(state);
}

#define grid(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		grid(owner_answers_as_the_kernel_does),
		grid(capable_answers_by_the_capability_alone),
		grid(any_answers_yes_for_every_process),
	};

	return run_behaviours(tests);
}
