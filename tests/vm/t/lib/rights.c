// SPDX-License-Identifier: GPL-2.0-only
#include "lib/rights.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/file.h"

static uint64_t wide(uint32_t low, uint32_t high)
{
	return low | (uint64_t)high << 32;
}

static uint64_t permitted(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	syscall(SYS_capget, &header, data);
	return wide(data[0].permitted, data[1].permitted);
}

/* As many of them as there are: nobody can have more than are permitted. */
static long set_capabilities(uint64_t wanted, uint64_t effective, uint64_t inheritable)
{
	uint64_t has = permitted(), keeps = wanted & has, acts = effective & has,
		 leaves = inheritable & has;
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {
		{ .permitted = keeps, .effective = acts, .inheritable = leaves },
		{ .permitted = keeps >> 32, .effective = acts >> 32, .inheritable = leaves >> 32 },
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/* The C library's own would change those of the other threads, too. */
static long set_ids(const struct rights *rights)
{
	const uid_t *uids = rights->uids;
	const gid_t *gids = rights->gids;

	if (syscall(SYS_setresgid, gids[0], gids[1], gids[2]) < 0 ||
	    syscall(SYS_setresuid, uids[0], uids[1], uids[2]) < 0)
		return -errno;
	return 0;
}

long rights_set(void *arg)
{
	const struct rights *rights = arg;
	long error;

	prctl(PR_SET_KEEPCAPS, 1);
	error = set_ids(rights);
	if (!error && rights->fsuid) {
		error = set_capabilities(ALL_CAPABILITIES, ALL_CAPABILITIES, 0);
		setfsuid(rights->fsuid);
	}
	if (!error)
		error = set_capabilities(rights->permitted, rights->effective, rights->inheritable);
	if (!error && !rights->stays_non_dumpable)
		prctl(PR_SET_DUMPABLE, 1);
	return error;
}

long rights_drop_capabilities(void *arg)
{
	uint64_t kept = permitted() & ~*(uint64_t *)arg;

	return set_capabilities(kept, kept, 0);
}

long rights_become_non_dumpable(void *arg)
{
	(void)arg;
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? -errno : 0;
}

long rights_enter_namespace(void *arg)
{
	(void)arg;
	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	return prctl(PR_SET_DUMPABLE, 1);
}

long rights_enter_mapped_namespace(void *arg)
{
	char uids[32], gids[32];
	long error;

	snprintf(uids, sizeof(uids), "%u %u 1", geteuid(), geteuid());
	snprintf(gids, sizeof(gids), "%u %u 1", getegid(), getegid());
	error = rights_enter_namespace(arg);
	if (!error)
		error = file_write("/proc/self/setgroups", "deny");
	if (!error)
		error = file_write("/proc/self/uid_map", uids);
	return error ? error : file_write("/proc/self/gid_map", gids);
}

long rights_enter_nested_namespace(void *arg)
{
	long error = rights_enter_mapped_namespace(arg);

	return error ? error : rights_enter_namespace(arg);
}

long rights_join_namespace(void *arg)
{
	if (setns(*(int *)arg, CLONE_NEWUSER) < 0)
		return -errno;
	return prctl(PR_SET_DUMPABLE, 1);
}
