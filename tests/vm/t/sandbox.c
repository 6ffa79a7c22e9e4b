// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callers that have shut themselves in: what seccomp(2) and landlock(7) keep from
 * the driver, and what they do not.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/policy.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

static struct worker *target, *caller;	/* both of member's */
static struct member_request request;

static int setup(void **state)
{
	(void)state;
	yama_set(0);
	target = worker_start(MEMBER);
	request.session = session_open(O_RDWR);
	request.pid = worker_pid(target);
	request.address = memory_map_pattern(target, PAGE, 1);
	caller = worker_start(MEMBER);
	return 0;
}

static long call(worker_fn fn)
{
	return worker_call(caller, fn, &request, sizeof(request));
}

static void assert_works(void)
{
	assert_int_equal(call(member_bind), 0);
	assert_int_equal(call(member_read), 8);
}

static long member_pread(void *arg)
{
	const struct member_request *member = arg;
	uint64_t word;

	return session_pread(member->session, member->address, &word, sizeof(word));
}

/* seccomp */

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define IF_EQUAL(value, what) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1), RETURN(what)

static long load_filter(struct sock_filter *filter, unsigned short length)
{
	struct sock_fprog program = { .len = length, .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return -errno;
	return 0;
}

/* And what a worker needs to be told what to do, and to answer. */
static long allow_reads_and_commands_alone(void *arg)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		IF_EQUAL(SYS_read, SECCOMP_RET_ALLOW),
		IF_EQUAL(SYS_pread64, SECCOMP_RET_ALLOW),
		IF_EQUAL(SYS_ioctl, SECCOMP_RET_ALLOW),
		IF_EQUAL(SYS_recvfrom, SECCOMP_RET_ALLOW),
		IF_EQUAL(SYS_sendto, SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_KILL_PROCESS),
	};

	(void)arg;
	return load_filter(filter, ARRAY_SIZE(filter));
}

/* The system calls that a sandbox keeps its programs' memory apart by. */
static long kill_for_reading_memory(void *arg)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		IF_EQUAL(SYS_process_vm_readv, SECCOMP_RET_KILL_PROCESS),
		IF_EQUAL(SYS_process_vm_writev, SECCOMP_RET_KILL_PROCESS),
		IF_EQUAL(SYS_ptrace, SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	(void)arg;
	return load_filter(filter, ARRAY_SIZE(filter));
}

static long refuse_to_bind(void *arg)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 1, 0),
		RETURN(SECCOMP_RET_ALLOW),
		LOAD(args[1]),		/* the low half, on a little-endian machine */
		IF_EQUAL(MEMRW_IOC_SET_TARGET, SECCOMP_RET_ERRNO | EACCES),
		RETURN(SECCOMP_RET_ALLOW),
	};

	(void)arg;
	return load_filter(filter, ARRAY_SIZE(filter));
}

static long member_writes(void *arg)
{
	const struct member_request *member = arg;
	uint64_t word = 0;

	return session_pwrite(member->session, member->address, &word, sizeof(word));
}

static void a_filter_for_reads_and_commands_alone_is_enough(void **state)
{
	(void)state;
	assert_int_equal(call(allow_reads_and_commands_alone), 0);
	assert_works();
	assert_int_equal(call(member_pread), 8);
	/* The filter is there: who writes dies. */
	worker_send(caller, member_writes, &request, sizeof(request));
	assert_false(worker_wait(caller, 2000, NULL, 0, NULL));
	assert_true(memory_matches(target, request.address, PAGE, 1));
}

static long try_readv(void *arg)
{
	const struct member_request *member = arg;
	uint64_t word;
	struct iovec local = { &word, sizeof(word) };
	struct iovec remote = { (void *)(uintptr_t)member->address, sizeof(word) };

	return process_vm_readv(member->pid, &local, 1, &remote, 1, 0) < 0 ? -errno : 0;
}

static void a_filter_against_process_vm_readv_does_not_know_the_driver(void **state)
{
	(void)state;
	assert_int_equal(call(kill_for_reading_memory), 0);
	assert_works();
	worker_send(caller, try_readv, &request, sizeof(request));
	assert_false(worker_wait(caller, 2000, NULL, 0, NULL));
}

static void a_filter_of_the_command_keeps_a_session_from_being_bound(void **state)
{
	(void)state;
	assert_int_equal(call(member_bind), 0);
	assert_int_equal(call(refuse_to_bind), 0);
	assert_int_equal(call(member_bind), -EACCES);
	assert_int_equal(call(member_read), 8);
}

/* In a child: read(2), write(2) and exit(2) are all that there is. */
static long read_in_strict_mode(void *arg)
{
	const struct member_request *member = arg;
	pid_t pid = fork();
	uint64_t word;
	int status;

	if (!pid) {
		lseek(member->session, member->address, SEEK_SET);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) < 0)
			syscall(SYS_exit, 1);
		syscall(SYS_exit, read(member->session, &word, sizeof(word)) == 8 ? 0 : 2);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static void strict_mode_reads_what_was_bound_before(void **state)
{
	(void)state;
	assert_int_equal(call(member_bind), 0);
	assert_int_equal(call(read_in_strict_mode), 0);
}

/* Landlock */

#define FS_READ_WRITE (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define FS_IOCTL_DEV (1ULL << 15)	/* LANDLOCK_ACCESS_FS_IOCTL_DEV, Linux 6.10 */

static int landlock_version(void)
{
	int version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			      LANDLOCK_CREATE_RULESET_VERSION);

	return version < 0 ? 0 : version;
}

static void need_landlock(int version)
{
	if (landlock_version() < version)
		skip_because("the kernel's Landlock is %d, less than %d", landlock_version(), version);
}

/* Shut in: of files, @handled is forbidden but for what is @allowed of the node. */
static long restrict_self(uint64_t handled, uint64_t allowed)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = handled };
	struct landlock_path_beneath_attr node = { .allowed_access = allowed };
	int rules = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (rules < 0)
		return -errno;
	node.parent_fd = open(MEMRW_NODE, O_PATH | O_CLOEXEC);
	if (allowed && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &node, 0))
		return -errno;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		return -errno;
	close(node.parent_fd);
	close(rules);
	return 0;
}

static long landlock_all_files(void *arg)
{
	(void)arg;
	return restrict_self(FS_READ_WRITE, 0);
}

static long landlock_all_but_the_node(void *arg)
{
	(void)arg;
	return restrict_self(FS_READ_WRITE, FS_READ_WRITE);
}

static long landlock_commands_of_devices(void *arg)
{
	(void)arg;
	return restrict_self(FS_READ_WRITE | FS_IOCTL_DEV, FS_READ_WRITE);
}

/* Opens the node in the caller: 0, and the request has the descriptor, or -errno. */
static long open_node(void *arg)
{
	struct member_request *member = arg;
	int fd = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	member->session = fd;
	return 0;
}

static long try_ptrace(void *arg)
{
	const struct member_request *member = arg;

	return ptrace(PTRACE_SEIZE, member->pid, 0, 0) < 0 ? -errno : 0;
}

static void landlock_keeps_the_node_closed(void **state)
{
	(void)state;
	need_landlock(1);
	assert_int_equal(call(landlock_all_files), 0);
	assert_int_equal(call(open_node), -EACCES);
}

static void landlock_opens_the_node_where_a_rule_says_so(void **state)
{
	(void)state;
	need_landlock(1);
	assert_int_equal(call(landlock_all_but_the_node), 0);
	assert_int_equal(call(open_node), 0);
	assert_works();
}

/*
 * Landlock lets nobody out to ptrace(2) what is not shut in with it.  That is a
 * security module's hook, which the driver cannot ask (memrw(4), "What is not
 * enforced"): who has a descriptor has what it is good for.
 */
static void landlocks_rule_of_ptrace_does_not_apply(void **state)
{
	(void)state;
	need_landlock(1);
	assert_int_equal(call(try_readv), 0);
	assert_int_equal(call(landlock_all_files), 0);
	assert_int_equal(call(try_readv), -EPERM);
	assert_int_equal(call(try_ptrace), -EPERM);
	assert_works();
}

static void landlock_for_devices_keeps_what_it_lets_open_from_being_bound(void **state)
{
	(void)state;
	need_landlock(5);
	assert_int_equal(call(landlock_commands_of_devices), 0);
	/* What was open before is not touched by that. */
	assert_works();
	assert_int_equal(call(open_node), 0);
	assert_int_equal(call(member_bind), -EACCES);
	assert_int_equal(call(member_pread), -EBADFD);
}

#define on_member(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_member(a_filter_for_reads_and_commands_alone_is_enough),
		on_member(a_filter_against_process_vm_readv_does_not_know_the_driver),
		on_member(a_filter_of_the_command_keeps_a_session_from_being_bound),
		on_member(strict_mode_reads_what_was_bound_before),
		on_member(landlock_keeps_the_node_closed),
		on_member(landlock_opens_the_node_where_a_rule_says_so),
		on_member(landlocks_rule_of_ptrace_does_not_apply),
		on_member(landlock_for_devices_keeps_what_it_lets_open_from_being_bound),
	};

	return run_behaviours(tests);
}
