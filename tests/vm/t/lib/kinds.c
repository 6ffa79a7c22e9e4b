// SPDX-License-Identifier: GPL-2.0-only
#include "lib/kinds.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/test.h"

#define M MEMBER_UID
#define O OUTSIDER_UID
#define OTHER_GID 4321

/* What a process of root's becomes to be member's. */
static const struct rights members = { .uids = { M, M, M }, .gids = { M, M, M } };

/* A user namespace of member's that some kinds live in, and one who keeps it. */
static int shared_namespace;

static long join_shared_namespace(void *arg)
{
	(void)arg;
	return rights_join_namespace(&shared_namespace);
}

static long join_shared_namespace_without_capabilities(void *arg)
{
	uint64_t all = ALL_CAPABILITIES;
	long error = join_shared_namespace(arg);

	if (!error)
		error = rights_drop_capabilities(&all);
	return error ? error : prctl(PR_SET_DUMPABLE, 1);
}

static long nest_in_shared_namespace(void *arg)
{
	long error = join_shared_namespace(arg);

	return error ? error : rights_enter_namespace(arg);
}

/* Writes the maps of its parent's namespace when it is told that there is one. */
static _Noreturn void map_all_ids_of_parent(int told)
{
	static const char map[] = "0 0 65536";
	char path[64], byte;
	int error;

	if (read(told, &byte, 1) != 1)
		_exit(1);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", getppid());
	error = file_write(path, map);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", getppid());
	_exit(error || file_write(path, map));
}

/* As in a container that root started: member's ids, and root's namespace. */
static long become_member_in_namespace_of_roots(void *arg)
{
	int pipes[2], status;
	pid_t child;

	(void)arg;
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (!child)
		map_all_ids_of_parent(pipes[0]);
	if (unshare(CLONE_NEWUSER) < 0 || write(pipes[1], "", 1) != 1)
		return -errno;
	if (waitpid(child, &status, 0) < 0 || status)
		return -EIO;
	return rights_set((void *)&members);
}

static long forgo_new_privileges(void *arg)
{
	(void)arg;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

/* Threads and processes that share memory, and not the rights. */

static volatile long started;

static void *become_member_alone(void *arg)
{
	long error = rights_set((void *)&members);

	(void)arg;
	started = error ? error : gettid();
	for (;;)
		pause();
	return NULL;
}

static void *stay(void *arg)
{
	(void)arg;
	started = gettid();
	for (;;)
		pause();
	return NULL;
}

/* The thread's id, or -errno. */
static long start_thread(void *(*fn)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, fn, NULL);

	if (error)
		return -error;
	while (!started)
		sched_yield();
	return started;
}

static long start_members_thread(void *arg)
{
	(void)arg;
	return start_thread(become_member_alone);
}

/* The process as a whole is what is asked for. */
static long have_members_thread(void *arg)
{
	long error = start_members_thread(arg);

	return error < 0 ? error : 0;
}

static long start_another_thread(void *arg)
{
	(void)arg;
	return start_thread(stay);
}

static long become_member_beside_roots_thread(void *arg)
{
	long error = start_another_thread(arg);

	return error < 0 ? error : rights_set((void *)&members);
}

static long exit_this_thread(void *arg)
{
	(void)arg;
	syscall(SYS_exit, 0);
	return -1;
}

static int share_memory_as_member(void *arg)
{
	long error = rights_set((void *)&members);

	(void)arg;
	/* Not earlier: it is forgotten where rights change. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	started = error ? error : gettid();
	for (;;)
		pause();
	return 0;
}

/* A member's process in the memory of one of root's: its pid. */
static long start_member_with_roots_memory(void *arg)
{
	static _Alignas(16) char stack[65536];
	pid_t pid = clone(share_memory_as_member, stack + sizeof(stack), CLONE_VM | SIGCHLD, arg);

	if (pid < 0)
		return -errno;
	while (!started)
		sched_yield();
	return started < 0 ? started : pid;
}

#define RIGHTS(...) (&(const struct rights){ __VA_ARGS__ })
#define UIDS(...) .uids = { __VA_ARGS__ }
#define GIDS(...) .gids = { __VA_ARGS__ }
#define MEMBERS_GIDS GIDS(M, M, M)
#define MEMBERS UIDS(M, M, M), MEMBERS_GIDS
#define ROOTS UIDS(0, 0, 0)
#define HAS(capabilities) .permitted = (capabilities), .effective = (capabilities)
#define NET_ADMIN CAP_BIT(CAP_NET_ADMIN)
#define SYS_PTRACE CAP_BIT(CAP_SYS_PTRACE)
#define NO_PTRACE (ALL_CAPABILITIES & ~SYS_PTRACE)

const struct kind callers[] = {
	{ "root", .who = ROOT },
	{ "root_without_cap_sys_ptrace", .rights = RIGHTS(ROOTS, HAS(NO_PTRACE)) },
	{ "root_with_cap_sys_ptrace_not_effective",
	  .rights = RIGHTS(ROOTS, .permitted = ALL_CAPABILITIES, .effective = NO_PTRACE) },
	{ "root_without_capabilities", .rights = RIGHTS(ROOTS) },
	{ "member", .who = MEMBER },
	{ "member_with_cap_sys_ptrace", .rights = RIGHTS(MEMBERS, HAS(SYS_PTRACE)) },
	{ "member_with_cap_sys_ptrace_not_effective",
	  .rights = RIGHTS(MEMBERS, .permitted = SYS_PTRACE) },
	{ "member_with_cap_net_admin", .rights = RIGHTS(MEMBERS, HAS(NET_ADMIN)) },
	{ "member_with_cap_net_admin_not_effective",
	  .rights = RIGHTS(MEMBERS, .permitted = NET_ADMIN) },
	{ "member_with_all_but_cap_sys_ptrace", .rights = RIGHTS(MEMBERS, HAS(NO_PTRACE)) },
	{ "member_of_another_gid", .rights = RIGHTS(UIDS(M, M, M), GIDS(OTHER_GID, M, M)) },
	{ "member_of_another_effective_gid",
	  .rights = RIGHTS(UIDS(M, M, M), GIDS(M, OTHER_GID, OTHER_GID)) },
	{ "member_in_roots_setuid_program",
	  .rights = RIGHTS(UIDS(M, 0, 0), MEMBERS_GIDS, HAS(ALL_CAPABILITIES)) },
	{ "member_in_roots_setuid_program_without_capabilities",
	  .rights = RIGHTS(UIDS(M, 0, 0), MEMBERS_GIDS) },
	{ "member_in_outsiders_setuid_program", .rights = RIGHTS(UIDS(M, O, O), MEMBERS_GIDS) },
	{ "outsider_in_members_setuid_program", .rights = RIGHTS(UIDS(O, M, M), MEMBERS_GIDS) },
	{ "member_with_outsiders_fsuid", .rights = RIGHTS(MEMBERS, .fsuid = O) },
	{ "outsider_with_members_fsuid",
	  .rights = RIGHTS(UIDS(O, O, O), MEMBERS_GIDS, .fsuid = M) },
	{ "outsider", .who = OUTSIDER },
	{ "outsider_of_members_gid", .rights = RIGHTS(UIDS(O, O, O), MEMBERS_GIDS) },
	{ "member_non_dumpable", .who = MEMBER, .prepare = rights_become_non_dumpable },
	{ "members_thread_of_roots_process",
	  .who = ROOT, .prepare = become_member_beside_roots_thread },
	{ "member_in_user_namespace", .who = MEMBER, .prepare = rights_enter_namespace },
	{ "member_in_nested_user_namespace",
	  .who = MEMBER, .prepare = rights_enter_nested_namespace },
	{ "member_in_shared_namespace", .who = MEMBER, .prepare = join_shared_namespace },
	{ "member_in_shared_namespace_without_capabilities",
	  .who = MEMBER, .prepare = join_shared_namespace_without_capabilities },
	{ "member_in_namespace_within_shared_one",
	  .who = MEMBER, .prepare = nest_in_shared_namespace },
	{ "root_in_user_namespace", .who = ROOT, .prepare = rights_enter_namespace },
	{ "member_in_namespace_of_roots",
	  .who = ROOT, .prepare = become_member_in_namespace_of_roots },
	{ "member_in_pid_namespace", .who = MEMBER, .in_pidns = true },
	{ "root_in_pid_namespace", .who = ROOT, .in_pidns = true },
	{ "member_in_container",
	  .who = MEMBER, .in_pidns = true, .prepare = rights_enter_mapped_namespace },
};

#define KIND(...) .kind = { __VA_ARGS__ }
#define PROGRAM(...) (&(const struct program){ __VA_ARGS__ })

static const struct program ordinary = { .name = "ordinary", .mode = 0755 };
static const struct program setuid_root = { .name = "suid-root", .mode = 04755 };
static const struct program setgid_root = { .name = "sgid-root", .mode = 02755 };
static const struct program unreadable = { .name = "unreadable", .mode = 0711 };
static const struct program net_admin = { .name = "net-admin", .mode = 0755,
					  .permitted = NET_ADMIN };

const struct target targets[] = {
	{ KIND("root", .who = ROOT) },
	{ KIND("root_without_cap_sys_ptrace", .rights = RIGHTS(ROOTS, HAS(NO_PTRACE))) },
	{ KIND("root_without_capabilities", .rights = RIGHTS(ROOTS)) },
	{ KIND("member", .who = MEMBER) },
	{ KIND("outsider", .who = OUTSIDER) },
	{ KIND("outsider_of_members_gid", .rights = RIGHTS(UIDS(O, O, O), MEMBERS_GIDS)) },

	/* One id is another's */
	{ KIND("member_with_another_real_uid", .rights = RIGHTS(UIDS(O, M, M), MEMBERS_GIDS)) },
	{ KIND("member_with_another_effective_uid",
	       .rights = RIGHTS(UIDS(M, O, M), MEMBERS_GIDS)) },
	{ KIND("member_with_another_saved_uid", .rights = RIGHTS(UIDS(M, M, O), MEMBERS_GIDS)) },
	{ KIND("member_with_roots_saved_uid", .rights = RIGHTS(UIDS(M, M, 0), MEMBERS_GIDS)) },
	{ KIND("member_with_another_real_gid",
	       .rights = RIGHTS(UIDS(M, M, M), GIDS(OTHER_GID, M, M))) },
	{ KIND("member_with_another_effective_gid",
	       .rights = RIGHTS(UIDS(M, M, M), GIDS(M, OTHER_GID, M))) },
	{ KIND("member_with_another_saved_gid",
	       .rights = RIGHTS(UIDS(M, M, M), GIDS(M, M, OTHER_GID))) },
	{ KIND("member_with_outsiders_fsuid", .rights = RIGHTS(MEMBERS, .fsuid = O)) },
	{ KIND("outsider_with_members_fsuid",
	       .rights = RIGHTS(UIDS(O, O, O), MEMBERS_GIDS, .fsuid = M)) },

	/* Dumpable, or not */
	{ KIND("members_non_dumpable", .who = MEMBER, .prepare = rights_become_non_dumpable) },
	{ KIND("root_that_became_member", .rights = RIGHTS(MEMBERS, .stays_non_dumpable = true)) },
	{ KIND("root_that_became_member_with_suid_dumpable_1",
	       .rights = RIGHTS(MEMBERS, .stays_non_dumpable = true)), .suid_dumpable = 1 },
	{ KIND("root_that_became_member_with_suid_dumpable_2",
	       .rights = RIGHTS(MEMBERS, .stays_non_dumpable = true)), .suid_dumpable = 2 },
	{ KIND("root_that_became_member_and_executed",
	       .rights = RIGHTS(MEMBERS, .stays_non_dumpable = true)), .runs = &ordinary },

	/* Programs */
	{ KIND("members_program", .who = MEMBER), .runs = &ordinary },
	{ KIND("members_non_dumpable_that_executed",
	       .who = MEMBER, .prepare = rights_become_non_dumpable), .runs = &ordinary },
	{ KIND("members_setuid_root_program", .who = MEMBER), .runs = &setuid_root },
	{ KIND("members_setuid_root_program_with_suid_dumpable_1", .who = MEMBER),
	  .runs = &setuid_root, .suid_dumpable = 1 },
	{ KIND("members_setuid_root_program_without_new_privileges",
	       .who = MEMBER, .prepare = forgo_new_privileges), .runs = &setuid_root },
	{ KIND("members_setuid_outsider_program", .who = MEMBER),
	  .runs = PROGRAM(.name = "suid-out", .mode = 04755, .uid = O, .gid = O) },
	{ KIND("members_setuid_member_program", .who = MEMBER),
	  .runs = PROGRAM(.name = "suid-member", .mode = 04755, .uid = M, .gid = M) },
	{ KIND("members_setgid_program", .who = MEMBER), .runs = &setgid_root },
	{ KIND("members_setgid_program_with_suid_dumpable_1", .who = MEMBER),
	  .runs = &setgid_root, .suid_dumpable = 1 },
	{ KIND("members_unreadable_program", .who = MEMBER), .runs = &unreadable },
	{ KIND("members_program_with_file_capabilities", .who = MEMBER), .runs = &net_admin },
	{ KIND("members_program_with_file_capabilities_with_suid_dumpable_1", .who = MEMBER),
	  .runs = &net_admin, .suid_dumpable = 1 },
	{ KIND("members_program_with_inheritable_file_capabilities", .who = MEMBER),
	  .runs = PROGRAM(.name = "inheritable", .mode = 0755, .inheritable = NET_ADMIN) },
	{ KIND("roots_program", .who = ROOT), .runs = &ordinary },

	/* Capabilities */
	{ KIND("member_with_cap_net_admin", .rights = RIGHTS(MEMBERS, HAS(NET_ADMIN))) },
	{ KIND("member_with_cap_net_admin_not_effective",
	       .rights = RIGHTS(MEMBERS, .permitted = NET_ADMIN)) },
	{ KIND("member_with_cap_net_admin_inheritable_alone",
	       .rights = RIGHTS(MEMBERS, .inheritable = NET_ADMIN)) },
	{ KIND("member_with_cap_sys_ptrace", .rights = RIGHTS(MEMBERS, HAS(SYS_PTRACE))) },
	{ KIND("member_with_all_capabilities", .rights = RIGHTS(MEMBERS, HAS(ALL_CAPABILITIES))) },

	/* Namespaces */
	{ KIND("member_in_user_namespace", .who = MEMBER, .prepare = rights_enter_namespace) },
	{ KIND("member_in_user_namespace_that_executed",
	       .who = MEMBER, .prepare = rights_enter_namespace), .runs = &ordinary },
	{ KIND("member_in_user_namespace_with_unreadable_program",
	       .who = MEMBER, .prepare = rights_enter_namespace), .runs = &unreadable },
	{ KIND("member_in_user_namespace_with_setuid_root_program",
	       .who = MEMBER, .prepare = rights_enter_mapped_namespace), .runs = &setuid_root },
	{ KIND("member_in_nested_user_namespace",
	       .who = MEMBER, .prepare = rights_enter_nested_namespace) },
	{ KIND("member_in_nested_user_namespace_that_executed",
	       .who = MEMBER, .prepare = rights_enter_nested_namespace), .runs = &ordinary },
	{ KIND("member_in_shared_namespace", .who = MEMBER, .prepare = join_shared_namespace) },
	{ KIND("member_in_shared_namespace_without_capabilities",
	       .who = MEMBER, .prepare = join_shared_namespace_without_capabilities) },
	{ KIND("member_in_shared_namespace_that_executed",
	       .who = MEMBER, .prepare = join_shared_namespace), .runs = &ordinary },
	{ KIND("member_in_shared_namespace_with_unreadable_program",
	       .who = MEMBER, .prepare = join_shared_namespace), .runs = &unreadable },
	{ KIND("member_in_namespace_within_shared_one",
	       .who = MEMBER, .prepare = nest_in_shared_namespace) },
	{ KIND("root_in_user_namespace", .who = ROOT, .prepare = rights_enter_namespace) },
	{ KIND("member_in_namespace_of_roots",
	       .who = ROOT, .prepare = become_member_in_namespace_of_roots) },
	{ KIND("member_in_pid_namespace", .who = MEMBER, .in_pidns = true) },
	{ KIND("member_in_container",
	       .who = MEMBER, .in_pidns = true, .prepare = rights_enter_mapped_namespace),
	  .runs = &ordinary },

	/* Threads, and what they share */
	{ KIND("members_thread_of_roots_process", .who = ROOT, .prepare = start_members_thread) },
	{ KIND("root_with_members_thread", .who = ROOT, .prepare = have_members_thread) },
	{ KIND("member_with_roots_memory",
	       .who = ROOT, .prepare = start_member_with_roots_memory) },
	{ KIND("member_without_first_thread", .who = MEMBER, .prepare = start_another_thread),
	  .fate = HAS_LOST_ITS_LEADER,
	  .no_ptrace = "the first thread has ended; the driver asks about another" },
	{ KIND("root_without_first_thread", .who = ROOT, .prepare = start_another_thread),
	  .fate = HAS_LOST_ITS_LEADER,
	  .no_ptrace = "the first thread has ended; the driver asks about another" },

	/* What is no process like others */
	{ KIND("member_that_is_traced", .who = MEMBER),
	  .fate = IS_TRACED, .no_ptrace = "a process has one tracer, but memory for all" },
	{ KIND("itself", .who = MEMBER),
	  .fate = IS_CALLER, .no_ptrace = "a process cannot stop itself, but may read itself" },
	{ KIND("members_zombie", .who = MEMBER), .fate = IS_ZOMBIE },
	{ KIND(.name = "a_kernel_thread"), .fate = IS_KERNEL_THREAD },
	{ KIND(.name = "no_process"), .fate = IS_NOT_THERE },
};

const size_t caller_count = ARRAY_SIZE(callers);
const size_t target_count = ARRAY_SIZE(targets);

#define KTHREADD 2
#define NOBODYS_PID (1 << 22)	/* PID_MAX_LIMIT */

static struct started callers_started[ARRAY_SIZE(callers)];
static struct started targets_started[ARRAY_SIZE(targets)];

/* The id of the thread that is asked for, 0 for the process, or -errno. */
static long prepare(struct worker *worker, const struct kind *kind)
{
	long result = 0;

	if (kind->rights) {
		struct rights rights = *kind->rights;

		result = worker_call(worker, rights_set, &rights, sizeof(rights));
	}
	if (!result && kind->prepare)
		result = worker_call(worker, kind->prepare, NULL, 0);
	return result;
}

static long start(struct started *started, const struct kind *kind)
{
	struct worker *worker = kind->in_pidns ? worker_start_pidns(kind->who) :
						 worker_start(kind->who);
	long tid = prepare(worker, kind);

	if (tid < 0) {
		note("left out: %s: %s", kind->name, strerror(-tid));
		return tid;
	}
	started->worker = worker;
	started->pid = tid ? tid : worker_pid(worker);
	started->witness = started->pid;
	return 0;
}

static bool first_thread_ended(void *arg)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", worker_pid(arg));
	return file_read(path, text, sizeof(text)) > 0 && strstr(text, ") Z ");
}

static long trace(void *arg)
{
	return ptrace(PTRACE_SEIZE, *(pid_t *)arg, 0, 0) < 0 ? -errno : 0;
}

static void meet_fate(struct started *started, enum fate fate)
{
	switch (fate) {
	case IS_ZOMBIE:
		worker_make_zombie(started->worker);
		break;
	case HAS_LOST_ITS_LEADER:
		started->pid = worker_pid(started->worker);
		worker_send(started->worker, exit_this_thread, NULL, 0);
		assert_true(eventually(first_thread_ended, started->worker, 5000));
		break;
	case IS_TRACED:
		assert_int_equal(worker_call(worker_start(ROOT), trace, &started->pid,
					     sizeof(pid_t)), 0);
		break;
	case IS_CALLER:
		started->pid = started->witness = 0;
		break;
	case IS_KERNEL_THREAD:
		started->pid = started->witness = KTHREADD;
		break;
	case IS_NOT_THERE:
		started->pid = started->witness = NOBODYS_PID;
		break;
	case LIVES:
		break;
	}
}

static void set_suid_dumpable(int value)
{
	char text[8];

	snprintf(text, sizeof(text), "%d", value);
	assert_int_equal(file_write("/proc/sys/fs/suid_dumpable", text), 0);
}

static void start_target(struct started *started, const struct target *target)
{
	char path[PATH_MAX];
	int error;

	if (target->runs) {
		error = program_make(target->runs, path, sizeof(path));
		if (error) {
			note("left out: %s: %s", target->kind.name, strerror(-error));
			return;
		}
	}
	set_suid_dumpable(target->suid_dumpable);
	if (!start(started, &target->kind)) {
		if (target->runs)
			program_exec(started->worker, path);
		meet_fate(started, target->fate);
	}
	set_suid_dumpable(0);
}

static void open_shared_namespace(void)
{
	struct worker *keeper = worker_start(MEMBER);
	char path[64];

	assert_int_equal(worker_call(keeper, rights_enter_mapped_namespace, NULL, 0), 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/user", worker_pid(keeper));
	shared_namespace = open(path, O_RDONLY | O_CLOEXEC);
	assert_return_code(shared_namespace, errno);
}

void kinds_start(void)
{
	memset(callers_started, 0, sizeof(callers_started));
	memset(targets_started, 0, sizeof(targets_started));
	open_shared_namespace();
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		start_target(&targets_started[i], &targets[i]);
	for (size_t i = 0; i < ARRAY_SIZE(callers); i++)
		start(&callers_started[i], &callers[i]);
}

void kinds_stop(void)
{
	close(shared_namespace);
}

const struct started *kinds_caller(size_t i)
{
	return &callers_started[i];
}

const struct started *kinds_target(size_t i)
{
	return &targets_started[i];
}

bool kinds_owns_memory(const struct target *target)
{
	return target->runs && target->runs != &unreadable;
}
