// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may bind what, by name and with the answer written down: policy_grid
 * compares, and two can be wrong together.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/policy.h"
#include "lib/rights.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

/* The rights of a daemon that keeps one capability. */
static struct rights member_with_cap_net_admin = {
	.uids = { MEMBER_UID, MEMBER_UID, MEMBER_UID },
	.gids = { MEMBER_UID, MEMBER_UID, MEMBER_UID },
	.permitted = CAP_BIT(CAP_NET_ADMIN),
	.effective = CAP_BIT(CAP_NET_ADMIN),
};

static long bind_as(enum who who, struct worker *target)
{
	struct member_request request = { .session = session_open(O_RDWR),
					  .pid = worker_pid(target) };
	struct worker *caller = worker_start(who);

	return worker_call(caller, member_bind, &request, sizeof(request));
}

static void owner_is_the_default(void **state)
{
	char access[32];

	(void)state;
	policy_read(access, sizeof(access));
	assert_string_equal(access, "owner");
}

static void member_binds_own_process(void **state)
{
	(void)state;
	assert_int_equal(bind_as(MEMBER, worker_start(MEMBER)), 0);
}

static void member_is_refused_roots_process(void **state)
{
	(void)state;
	assert_int_equal(bind_as(MEMBER, worker_start(ROOT)), -EPERM);
}

static void member_is_refused_init(void **state)
{
	struct member_request request = { .session = session_open(O_RDWR), .pid = 1 };

	(void)state;
	assert_int_equal(worker_call(worker_start(MEMBER), member_bind, &request,
				     sizeof(request)), -EPERM);
}

static void member_is_refused_another_users_process(void **state)
{
	(void)state;
	assert_int_equal(bind_as(MEMBER, worker_start(OUTSIDER)), -EPERM);
}

static void member_is_refused_own_non_dumpable_process(void **state)
{
	struct worker *target = worker_start(MEMBER);

	(void)state;
	worker_call(target, rights_become_non_dumpable, NULL, 0);
	assert_int_equal(bind_as(MEMBER, target), -EPERM);
}

static void member_is_refused_own_setuid_program(void **state)
{
	struct worker *target = worker_start(MEMBER);
	char path[PATH_MAX];

	(void)state;
	setuid_program(path, sizeof(path));
	setuid_exec(target, path);
	assert_int_equal(bind_as(MEMBER, target), -EPERM);
}

static void member_is_refused_own_process_that_may_do_more(void **state)
{
	struct worker *target = worker_start(ROOT);

	(void)state;
	worker_call(target, rights_set, &member_with_cap_net_admin,
		    sizeof(member_with_cap_net_admin));
	assert_int_equal(bind_as(MEMBER, target), -EPERM);
}

static void root_binds_every_process(void **state)
{
	(void)state;
	assert_int_equal(bind_as(ROOT, worker_start(ROOT)), 0);
	assert_int_equal(bind_as(ROOT, worker_start(MEMBER)), 0);
	assert_int_equal(bind_as(ROOT, worker_start(OUTSIDER)), 0);
}

static long bind_self(void *arg)
{
	return session_bind(*(int *)arg, getpid());
}

static void non_dumpable_process_binds_itself(void **state)
{
	int fd = session_open(O_RDWR);
	struct worker *caller = worker_start(MEMBER);

	(void)state;
	worker_call(caller, rights_become_non_dumpable, NULL, 0);
	assert_int_equal(worker_call(caller, bind_self, &fd, sizeof(fd)), 0);
}

static void any_lets_a_member_read_roots_process(void **state)
{
	struct worker *target = worker_start(ROOT), *caller;
	struct member_request request = { .session = session_open(O_RDWR),
					  .pid = worker_pid(target) };

	(void)state;
	request.address = memory_map_pattern(target, PAGE, 1);
	caller = worker_start(MEMBER);
	policy_set("any");
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), 0);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), 8);
}

static void any_still_refuses_kernel_threads(void **state)
{
	(void)state;
	policy_set("any");
	assert_int_equal(session_bind(session_open(O_RDWR), 2), -EINVAL);
}

static void any_still_shows_only_the_callers_pid_namespace(void **state)
{
	struct member_request request = { .session = session_open(O_RDWR), .pid = getpid() };
	struct worker *caller = worker_start_pidns(ROOT);

	(void)state;
	policy_set("any");
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), -ESRCH);
}

static void capable_refuses_a_member_own_process(void **state)
{
	(void)state;
	policy_set("capable");
	assert_int_equal(bind_as(MEMBER, worker_start(MEMBER)), -EPERM);
}

static void a_stricter_policy_leaves_what_is_bound(void **state)
{
	struct worker *target = worker_start(MEMBER), *caller;
	struct member_request request = { .session = session_open(O_RDWR),
					  .pid = worker_pid(target) };

	(void)state;
	request.address = memory_map_pattern(target, PAGE, 1);
	caller = worker_start(MEMBER);
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), 0);
	policy_set("capable");
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), 8);
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), -EPERM);
	assert_int_equal(worker_call(caller, member_read, &request, sizeof(request)), 8);
}

/* Runs in the caller: 0 or -EPERM. */
static long ask_kernel(void *arg)
{
	const struct member_request *request = arg;
	uint64_t word;
	struct iovec local = { &word, sizeof(word) };
	struct iovec remote = { (void *)(uintptr_t)request->address, sizeof(word) };

	return process_vm_readv(request->pid, &local, 1, &remote, 1, 0) < 0 ? -errno : 0;
}

static void yamas_scope_does_not_apply(void **state)
{
	struct worker *target = worker_start(MEMBER), *caller = worker_start(MEMBER);
	struct member_request request = { .session = 0, .pid = worker_pid(target),
					  .address = (uintptr_t)&member_with_cap_net_admin };

	(void)state;
	if (!yama_set(1))
		skip_because("the kernel has no Yama");
	assert_int_equal(worker_call(caller, ask_kernel, &request, sizeof(request)), -EPERM);
	assert_int_equal(bind_as(MEMBER, target), 0);
}

static char setuid_path[PATH_MAX];

/* Is the session bound to the setuid program? */
static bool reached_setuid_program(int fd)
{
	struct memrw_query_region region;
	char name[PATH_MAX] = "";

	/* A program without a fixed address is its own first region. */
	return !session_query_region(fd, 0, &region, name, sizeof(name)) &&
	       !strcmp(name, setuid_path);
}

/* Binds the process until that is refused; the times that it was not, or -1. */
static long bind_until_refused(void *arg)
{
	const struct member_request *request = arg;
	long bound = 0;

	while (!session_bind(request->session, request->pid)) {
		if (reached_setuid_program(request->session))
			return -1;
		bound++;
	}
	/* What was bound last has become what it will be. */
	return reached_setuid_program(request->session) ? -1 : bound;
}

static void a_process_on_its_way_to_a_setuid_program_is_never_reached(void **state)
{
	struct member_request request = { .session = session_open(O_RDWR) };
	struct worker *caller;
	long bound = 0;

	(void)state;
	setuid_program(setuid_path, sizeof(setuid_path));
	caller = worker_start(MEMBER);
	for (int i = 0; i < 300; i++) {
		struct worker *target = worker_start(MEMBER);
		long times;

		request.pid = worker_pid(target);
		assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), 0);
		worker_exec_start(target, setuid_path);
		times = worker_call(caller, bind_until_refused, &request, sizeof(request));
		assert_true(times >= 0);
		bound += times;
		assert_int_equal(session_state(request.session), MEMRW_TARGET_EXECED);
		worker_kill(target, SIGKILL, 5000);
	}
	note("bound %ld times before it was refused 300 times", bound);
}

struct open_request {
	char path[64];
	int flags;
};

static long open_path(void *arg)
{
	const struct open_request *request = arg;
	int fd = open(request->path, request->flags);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static long open_as(enum who who, const char *path, int flags)
{
	struct open_request request = { .flags = flags };

	snprintf(request.path, sizeof(request.path), "%s", path);
	return worker_call(worker_start(who), open_path, &request, sizeof(request));
}

static void member_opens_the_node(void **state)
{
	(void)state;
	assert_int_equal(open_as(MEMBER, MEMRW_NODE, O_RDWR), 0);
	assert_int_equal(open_as(MEMBER, MEMRW_NODE, O_RDONLY), 0);
}

static void outsider_is_refused_the_node(void **state)
{
	(void)state;
	assert_int_equal(open_as(OUTSIDER, MEMRW_NODE, O_RDWR), -EACCES);
	assert_int_equal(open_as(OUTSIDER, MEMRW_NODE, O_RDONLY), -EACCES);
	assert_int_equal(open_as(OUTSIDER, MEMRW_NODE, O_WRONLY), -EACCES);
}

static void the_node_is_roots_and_the_groups(void **state)
{
	struct stat st;

	(void)state;
	assert_return_code(stat(MEMRW_NODE, &st), errno);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(st.st_uid, 0);
	assert_int_not_equal(st.st_gid, 0);
}

static void everybody_reads_the_policy(void **state)
{
	(void)state;
	assert_int_equal(open_as(MEMBER, POLICY_PARAMETER, O_RDONLY), 0);
	assert_int_equal(open_as(OUTSIDER, POLICY_PARAMETER, O_RDONLY), 0);
}

static void only_root_writes_the_policy(void **state)
{
	(void)state;
	assert_int_equal(open_as(MEMBER, POLICY_PARAMETER, O_WRONLY), -EACCES);
	assert_int_equal(open_as(OUTSIDER, POLICY_PARAMETER, O_WRONLY), -EACCES);
	assert_int_equal(policy_write("capable"), 0);
}

static void a_policy_written_is_read_back(void **state)
{
	static const char * const names[] = { "any", "capable", "owner" };
	char access[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char line[32];

		snprintf(line, sizeof(line), "%s\n", names[i]);
		policy_set(line);
		policy_read(access, sizeof(access));
		assert_string_equal(access, names[i]);
	}
}

static void a_bad_policy_is_refused_and_changes_nothing(void **state)
{
	static const char * const bad[] = { "nobody", "", "own", "owners", "OWNER", "0", "owner any",
					    " owner" };
	char access[32];

	(void)state;
	policy_set("capable");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char line[32];

		/* A write of nothing would not reach the driver. */
		snprintf(line, sizeof(line), "%s\n", bad[i]);
		assert_int_equal(policy_write(line), -EINVAL);
		policy_read(access, sizeof(access));
		assert_string_equal(access, "capable");
	}
}

static const struct CMUnitTest tests[] = {
	behaviour(owner_is_the_default),
	behaviour(member_binds_own_process),
	behaviour(member_is_refused_roots_process),
	behaviour(member_is_refused_init),
	behaviour(member_is_refused_another_users_process),
	behaviour(member_is_refused_own_non_dumpable_process),
	behaviour(member_is_refused_own_setuid_program),
	behaviour(member_is_refused_own_process_that_may_do_more),
	behaviour(root_binds_every_process),
	behaviour(non_dumpable_process_binds_itself),
	behaviour(any_lets_a_member_read_roots_process),
	behaviour(any_still_refuses_kernel_threads),
	behaviour(any_still_shows_only_the_callers_pid_namespace),
	behaviour(capable_refuses_a_member_own_process),
	behaviour(a_stricter_policy_leaves_what_is_bound),
	behaviour(yamas_scope_does_not_apply),
	behaviour(a_process_on_its_way_to_a_setuid_program_is_never_reached),
	behaviour(member_opens_the_node),
	behaviour(outsider_is_refused_the_node),
	behaviour(the_node_is_roots_and_the_groups),
	behaviour(everybody_reads_the_policy),
	behaviour(only_root_writes_the_policy),
	behaviour(a_policy_written_is_read_back),
	behaviour(a_bad_policy_is_refused_and_changes_nothing),
};

int main(void)
{
	return run_behaviours(tests);
}
