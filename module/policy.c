// SPDX-License-Identifier: GPL-2.0-only
/*
 * One question: may this caller bind this process?
 *
 * Opening /dev/memrw is the first gate, and its mode and group keep it.  This
 * is the second.  It is asked once per bind; what a session was bound to stays
 * with it, as what open(2) allowed stays with a descriptor.
 *
 * The kernel's own answer, ptrace_may_access(), is not exported to modules.
 * The rule of "owner" is that of __ptrace_may_access() in kernel/ptrace.c with
 * PTRACE_MODE_ATTACH_REALCREDS, and that of cap_ptrace_access_check() in
 * security/commoncap.c, which every kernel has.  The ptrace hook of the other
 * security modules (Yama, SELinux, AppArmor) is not asked.
 */
#include <linux/cred.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/user_namespace.h>

#include "compat.h"
#include "policy.h"

static const char * const access_names[] = {
	[MEMRW_ACCESS_OWNER] = "owner",
	[MEMRW_ACCESS_ANY] = "any",
	[MEMRW_ACCESS_CAPABLE] = "capable",
};

static unsigned int access = MEMRW_ACCESS_OWNER;

static int access_set(const char *text, const struct kernel_param *kp)
{
	int found = sysfs_match_string(access_names, text);

	if (found < 0)
		return found;
	WRITE_ONCE(access, found);
	return 0;
}

static int access_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", access_names[memrw_policy_access()]);
}

static const struct kernel_param_ops access_ops = {
	.set = access_set,
	.get = access_get,
};
module_param_cb(access, &access_ops, NULL, 0644);
MODULE_PARM_DESC(access, "who may bind what: owner (default), any, or capable");

enum memrw_access memrw_policy_access(void)
{
	return READ_ONCE(access);
}

/* The target is the caller's in every id that it has or could go back to. */
static bool same_owner(const struct cred *caller, const struct cred *target)
{
	return uid_eq(caller->uid, target->euid) &&
	       uid_eq(caller->uid, target->suid) &&
	       uid_eq(caller->uid, target->uid) &&
	       gid_eq(caller->gid, target->egid) &&
	       gid_eq(caller->gid, target->sgid) &&
	       gid_eq(caller->gid, target->gid);
}

/* Nor could the caller do more through the target than by itself. */
static bool no_more_capable(const struct cred *caller, const struct cred *target)
{
	return caller->user_ns == target->user_ns &&
	       cap_issubset(target->cap_permitted, caller->cap_permitted);
}

static bool permitted(struct task_struct *task, struct mm_struct *mm, bool owner_may)
{
	const struct cred *caller = current_cred();
	const struct cred *target;
	bool allowed;

	if (owner_may && same_thread_group(task, current))
		return true;

	rcu_read_lock();
	target = __task_cred(task);
	allowed = (owner_may && same_owner(caller, target) && no_more_capable(caller, target)) ||
		  ns_capable(target->user_ns, CAP_SYS_PTRACE);
	rcu_read_unlock();
	if (!allowed)
		return false;

	/*
	 * A process that changes its credentials becomes non-dumpable before
	 * it takes the new ones (commit_creds() has the other barrier): read
	 * in the opposite order, so as not to see new credentials beside the
	 * old dumpability.
	 */
	smp_rmb();
	return (owner_may && compat_dumpable_by_owner(task, mm)) ||
	       compat_exec_capable(task, mm, CAP_SYS_PTRACE);
}

/**
 * memrw_policy_check() - may the caller bind this process?
 * @task: the process, or a thread of it
 * @mm: its memory
 *
 * Context: the caller holds @task's exec_update_lock, so that its credentials
 * are those that go with @mm.
 * Return: 0 or -EPERM.
 */
int memrw_policy_check(struct task_struct *task, struct mm_struct *mm)
{
	int result = -EPERM;

	lockdep_assert_held(&task->signal->exec_update_lock);

	switch (memrw_policy_access()) {
	case MEMRW_ACCESS_ANY:
		result = 0;
		break;
	case MEMRW_ACCESS_OWNER:
		if (permitted(task, mm, true))
			result = 0;
		break;
	case MEMRW_ACCESS_CAPABLE:
		if (permitted(task, mm, false))
			result = 0;
		break;
	}
	return result;
}
