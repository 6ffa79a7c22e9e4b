// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a descriptor in the hands of others: programs that have more
 * rights than who started them, users who have lost their own, sandboxes.  Who is
 * in possession of a bound session reads and writes its target, and nothing else;
 * a bind is judged by the rights of who asks for it.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/rights.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

#define WORD 0x6d656d7277ULL	/* what nobody writes */

static struct worker *target;	/* of member's */
static uint64_t address;	/* of a page of zeros in it */
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(MEMBER);
	address = memory_map_anonymous(target, PAGE);
	session = session_open(O_RDWR);
	return 0;
}

/* Programs with a descriptor of the driver as their standard output */

struct run {
	char path[64];
	int input, output;	/* -1: that of the worker */
	uint64_t offset;	/* to which the output is positioned first */
	bool bind_self;		/* before the program runs */
};

static _Noreturn void become_program(const struct run *run)
{
	if (run->bind_self && session_bind(run->output, getpid()))
		_exit(254);
	if (run->offset && lseek(run->output, run->offset, SEEK_SET) != (off_t)run->offset)
		_exit(253);
	if (run->input >= 0)
		dup2(run->input, STDIN_FILENO);
	dup2(run->output, STDOUT_FILENO);
	dup2(run->output, STDERR_FILENO);
	execl(run->path, run->path, NULL);
	_exit(252);
}

static long start_program(void *arg)
{
	pid_t pid = fork();

	if (!pid)
		become_program(arg);
	return pid;
}

/* The exit status. */
static long wait_for_program(void *arg)
{
	int status;

	if (waitpid(*(pid_t *)arg, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static long run_program(void *arg)
{
	pid_t pid = start_program(arg);

	return pid < 0 ? pid : wait_for_program(&pid);
}

/* helpers/writer, of that mode: root's. */
static struct run writer(mode_t mode, int output)
{
	const struct program program = { .name = "writer", .helper = "writer", .mode = mode };
	struct run run = { .input = -1, .output = output };

	assert_int_equal(program_make(&program, run.path, sizeof(run.path)), 0);
	return run;
}

/* Where the writer has its word. */
static uint64_t writers_address(void)
{
	uint64_t writers = 0;
	int pipes[2];
	struct run run;

	assert_return_code(pipe(pipes), errno);
	run = writer(0755, pipes[1]);
	assert_int_equal(run_program(&run), 0);
	assert_int_equal(read(pipes[0], &writers, sizeof(writers)), sizeof(writers));
	close(pipes[0]);
	close(pipes[1]);
	return writers;
}

static void a_setuid_program_writes_where_its_user_might(void **state)
{
	struct worker *member = worker_start(MEMBER);
	uint64_t writers = writers_address();
	struct member_request request = { .session = session, .pid = worker_pid(target) };
	struct run run = writer(04755, session);

	(void)state;
	assert_int_equal(worker_call(member, member_bind, &request, sizeof(request)), 0);
	run.offset = address;
	assert_int_equal(worker_call(member, run_program, &run, sizeof(run)), 0);
	assert_int_equal(memory_peek(target, address), writers);
}

static void a_setuid_program_with_an_unbound_session_fails(void **state)
{
	struct run run = writer(04755, session);

	(void)state;
	assert_int_equal(worker_call(worker_start(MEMBER), run_program, &run, sizeof(run)),
			 EBADFD);
}

/* The way of CVE-2012-0056: bind oneself, and become the program. */
static void a_setuid_program_does_not_write_into_itself(void **state)
{
	uint64_t writers = writers_address();
	struct run run = writer(04755, session);

	(void)state;
	run.bind_self = true;
	run.offset = writers;
	assert_int_equal(worker_call(worker_start(MEMBER), run_program, &run, sizeof(run)),
			 ESTALE);
}

/*
 * That the test before would notice: where root binds the running program, it does
 * write into itself.  And member, who started it, may not bind it.
 */
static void a_setuid_program_is_bound_by_root_alone(void **state)
{
	struct worker *member;
	uint64_t writers = writers_address();
	struct run run = writer(04755, session);
	struct member_request request = { .session = session };
	int pipes[2];

	(void)state;
	assert_return_code(pipe(pipes), errno);
	member = worker_start(MEMBER);
	run.input = pipes[0];
	run.offset = writers;
	request.pid = worker_call(member, start_program, &run, sizeof(run));
	assert_true(request.pid > 0);
	/* It becomes the program in its own time. */
	while (!worker_call(member, member_bind, &request, sizeof(request)))
		sleep_ms(1);
	assert_int_equal(worker_call(member, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(session_bind(session, request.pid), 0);
	assert_int_equal(write(pipes[1], "", 1), 1);
	assert_int_equal(worker_call(member, wait_for_program, &request.pid, sizeof(pid_t)), 128);
	close(pipes[0]);
	close(pipes[1]);
}

static void a_descriptor_kept_over_execve_stays_bound(void **state)
{
	uint64_t writers = writers_address();
	struct run run = writer(0755, session);

	(void)state;
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	run.offset = address;
	assert_int_equal(worker_call(worker_start(OUTSIDER), run_program, &run, sizeof(run)), 0);
	assert_int_equal(memory_peek(target, address), writers);
}

/* Opening what is open */

struct reopening {
	int fd, flags;
};

/* Runs in a worker: the descriptor, or -errno. */
static long reopen(void *arg)
{
	const struct reopening *reopening = arg;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", reopening->fd);
	fd = open(path, reopening->flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void assert_outsider_cannot_reopen(int fd)
{
	struct worker *outsider = worker_start(OUTSIDER);
	struct reopening reopening = { .fd = fd };

	for (reopening.flags = O_RDONLY; reopening.flags <= O_RDWR; reopening.flags++)
		assert_int_equal(worker_call(outsider, reopen, &reopening, sizeof(reopening)),
				 -EACCES);
}

static void what_is_reopened_is_a_new_session(void **state)
{
	struct reopening reopening = { .fd = session, .flags = O_RDWR };
	struct worker *member = worker_start(MEMBER);
	struct member_request request = { .pid = worker_pid(target), .address = address };

	(void)state;
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	request.session = worker_call(member, reopen, &reopening, sizeof(reopening));
	assert_true(request.session >= 0);
	assert_int_equal(worker_call(member, member_read, &request, sizeof(request)), -EBADFD);
	request.session = session;
	assert_int_equal(worker_call(member, member_read, &request, sizeof(request)), 8);
}

static void reopening_asks_for_the_group(void **state)
{
	(void)state;
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	assert_outsider_cannot_reopen(session);
	/* Nor is one for reading a way to one for writing. */
	assert_outsider_cannot_reopen(session_open(O_RDONLY));
}

/* Runs in a worker: what works of a descriptor that is a path alone, or 0. */
static long use_path_descriptor(void *arg)
{
	struct memrw_info info = { .size = sizeof(info) };
	struct reopening reopening = { .flags = O_RDWR };
	int fd = open(MEMRW_NODE, O_PATH | O_CLOEXEC), error = 0;
	uint64_t word;

	(void)arg;
	if (fd < 0)
		return -errno;
	if (session_bind(fd, getpid()) != -EBADF || session_get_info(fd, &info) != -EBADF)
		error = 1;
	if (session_pread(fd, 0, &word, 8) != -EBADF || session_pwrite(fd, 0, &word, 8) != -EBADF)
		error = 2;
	if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED || errno != EBADF)
		error = 3;
	reopening.fd = fd;
	return error ? error : reopen(&reopening);
}

static void a_descriptor_of_the_path_alone_does_nothing(void **state)
{
	(void)state;
	assert_int_equal(worker_call(worker_start(OUTSIDER), use_path_descriptor, NULL, 0),
			 -EACCES);
	/* For who may open the node it leads there: to a descriptor. */
	assert_true(worker_call(worker_start(MEMBER), use_path_descriptor, NULL, 0) > 3);
}

/* Rights that were lost, or never had */

static long bind_self(void *arg)
{
	return session_bind(*(int *)arg, getpid());
}

/* A descriptor that was opened by who was in the group, or by root. */
static void who_lost_the_group_keeps_the_descriptor_and_the_own_rights(void **state)
{
	struct worker *outsider = worker_start(OUTSIDER);
	struct member_request request = { .session = session, .pid = worker_pid(target) };

	(void)state;
	assert_int_equal(worker_call(outsider, bind_self, &session, sizeof(session)), 0);
	assert_int_equal(worker_call(outsider, member_bind, &request, sizeof(request)), -EPERM);
	request.pid = getpid();
	assert_int_equal(worker_call(outsider, member_bind, &request, sizeof(request)), -EPERM);
}

/* Runs in a worker: a descriptor of another process's, or -errno. */
static long take_descriptor(void *arg)
{
	const struct member_request *request = arg;
	int pidfd = syscall(SYS_pidfd_open, request->pid, 0), fd;

	if (pidfd < 0)
		return -errno;
	fd = syscall(SYS_pidfd_getfd, pidfd, request->session, 0);
	return fd < 0 ? -errno : fd;
}

static long open_node(void *arg)
{
	int fd = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);

	(void)arg;
	return fd < 0 ? -errno : fd;
}

/*
 * So a privileged program must not bind what others may have, too: they read the
 * target through it.
 */
static void what_root_binds_is_shared_by_who_has_the_descriptor(void **state)
{
	struct worker *member = worker_start(MEMBER), *roots = worker_start(ROOT);
	uint64_t secret = memory_map_pattern(roots, PAGE, 1);
	struct member_request request = { .pid = worker_pid(member), .address = secret };
	int fd;

	(void)state;
	request.session = worker_call(member, open_node, NULL, 0);
	assert_true(request.session >= 0);
	fd = take_descriptor(&request);
	assert_true(fd >= 0);
	request.pid = worker_pid(roots);
	assert_int_equal(worker_call(member, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(worker_call(member, member_read, &request, sizeof(request)), -EBADFD);
	assert_int_equal(session_bind(fd, worker_pid(roots)), 0);
	assert_int_equal(worker_call(member, member_read, &request, sizeof(request)), 8);
	close(fd);
}

static void an_outsider_cannot_take_a_members_descriptor(void **state)
{
	struct worker *member = worker_start(MEMBER);
	struct member_request request = { .pid = worker_pid(member), .session = session };
	struct worker *outsider = worker_start(OUTSIDER);

	(void)state;
	assert_int_equal(worker_call(outsider, take_descriptor, &request, sizeof(request)),
			 -EPERM);
}

static void a_session_works_across_user_namespaces_and_binds_by_the_rights_there(void **state)
{
	struct worker *member = worker_start(MEMBER), *roots = worker_start(ROOT);
	struct member_request request = { .session = session, .pid = worker_pid(target),
					  .address = memory_map_pattern(roots, PAGE, 1) };

	(void)state;
	if (worker_call(member, rights_enter_mapped_namespace, NULL, 0))
		skip_because("the kernel has no user namespaces for users");
	assert_int_equal(session_bind(session, worker_pid(roots)), 0);
	assert_int_equal(worker_call(member, member_read, &request, sizeof(request)), 8);
	/* All its capabilities there are none over what is outside. */
	assert_int_equal(worker_call(member, member_bind, &request, sizeof(request)), -EPERM);
	request.pid = worker_pid(roots);
	assert_int_equal(worker_call(member, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(worker_call(member, bind_self, &session, sizeof(session)), 0);
}

/* Processes that share the table of descriptors, or the memory */

static _Alignas(16) char stack[65536];

static int bind_self_and_end(void *arg)
{
	return bind_self(arg) ? 1 : 0;
}

/* Waits for it as the parent: the exit status. */
static int run_clone(int flags)
{
	pid_t pid = clone(bind_self_and_end, stack + sizeof(stack), flags | SIGCHLD, &session);
	int status;

	assert_return_code(pid, errno);
	assert_return_code(waitpid(pid, &status, 0), errno);
	return WEXITSTATUS(status);
}

static void a_child_with_the_same_descriptors_binds_for_both(void **state)
{
	(void)state;
	assert_int_equal(run_clone(CLONE_FILES), 0);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
}

/* It is the process that is bound, too, not its memory alone. */
static void a_child_of_vfork_that_ended_is_gone_though_its_memory_is_not(void **state)
{
	uint64_t word = WORD, read = 0;

	(void)state;
	assert_int_equal(run_clone(CLONE_VM | CLONE_VFORK), 0);
	assert_int_equal(session_state(session), MEMRW_TARGET_EXITED);
	assert_int_equal(session_read(session, (uintptr_t)&word, &read, 8, 0), -ESRCH);
	assert_int_equal(read, 0);
}

#define on_member(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_member(a_setuid_program_writes_where_its_user_might),
		on_member(a_setuid_program_with_an_unbound_session_fails),
		on_member(a_setuid_program_does_not_write_into_itself),
		on_member(a_setuid_program_is_bound_by_root_alone),
		on_member(a_descriptor_kept_over_execve_stays_bound),
		on_member(what_is_reopened_is_a_new_session),
		on_member(reopening_asks_for_the_group),
		on_member(a_descriptor_of_the_path_alone_does_nothing),
		on_member(who_lost_the_group_keeps_the_descriptor_and_the_own_rights),
		on_member(what_root_binds_is_shared_by_who_has_the_descriptor),
		on_member(an_outsider_cannot_take_a_members_descriptor),
		on_member(a_session_works_across_user_namespaces_and_binds_by_the_rights_there),
		on_member(a_child_with_the_same_descriptors_binds_for_both),
		on_member(a_child_of_vfork_that_ended_is_gone_though_its_memory_is_not),
	};

	return run_behaviours(tests);
}
