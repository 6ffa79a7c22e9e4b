// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the audit log is told of a bind: who reached, or tried to reach, for
 * somebody else's process.
 */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>

#include "bind_record.h"
#include "leader.h"

/*
 * Whose the process is, and if it is another user's than the one that the caller
 * acts for: if it has such rights, or could take them up again.  As in the policy
 * it is the real uid that says whom the caller acts for: one's own setuid program
 * is root's here.
 */
static bool take_owner(struct memrw_bind_record *record, struct task_struct *task)
{
	kuid_t caller = current_uid();
	const struct cred *target;
	bool anothers;

	rcu_read_lock();
	target = __task_cred(task);
	record->uid = target->uid;
	record->euid = target->euid;
	anothers = !uid_eq(caller, target->uid) || !uid_eq(caller, target->euid) ||
		   !uid_eq(caller, target->suid);
	rcu_read_unlock();
	return anothers;
}

/**
 * memrw_bind_record_take() - what a record of a bind is to say of the target
 * @record: out: not wanted if audit is off, or if the process is the caller's own
 * @task: the process, or a thread of it
 */
void memrw_bind_record_take(struct memrw_bind_record *record, struct task_struct *task)
{
	record->wanted = audit_enabled && !same_thread_group(task, current) &&
			 take_owner(record, task);
	if (!record->wanted)
		return;
	record->pid = task_tgid_nr(task);
	record->loginuid = audit_get_loginuid(task);
	record->sessionid = audit_get_sessionid(task);
	rcu_read_lock();
	get_task_comm(record->comm, memrw_leader(task));
	rcu_read_unlock();
}

/*
 * As audit_log_untrustedstring(), which is not exported, does it: a program
 * chooses its own name, and must not be able to make up fields with it.
 */
static void log_untrusted(struct audit_buffer *ab, const char *text)
{
	const char *c;

	for (c = text; *c > ' ' && *c <= '~' && *c != '"'; c++)
		;
	if (!*c) {
		audit_log_format(ab, "\"%s\"", text);
		return;
	}
	for (c = text; *c; c++)
		audit_log_format(ab, "%02X", (unsigned char)*c);
}

/**
 * memrw_bind_record_write() - write a record of a bind, if one is wanted
 * @record: from memrw_bind_record_take(), or all 0
 * @result: 0, or -errno if the policy refused
 *
 * May wait for as long as the audit log is full, a minute if need be: no lock
 * is to be held that anybody else could wait for.
 */
void memrw_bind_record_write(const struct memrw_bind_record *record, int result)
{
	struct audit_buffer *ab;

	if (!record->wanted)
		return;
	ab = audit_log_start(audit_context(), GFP_KERNEL, AUDIT_KERNEL_OTHER);
	if (!ab)
		return;
	audit_log_format(ab, "op=memrw-bind");
	audit_log_task_info(ab);
	audit_log_format(ab, " opid=%d oauid=%u ouid=%u oeuid=%u oses=%u ocomm=", record->pid,
			 from_kuid(&init_user_ns, record->loginuid),
			 from_kuid(&init_user_ns, record->uid),
			 from_kuid(&init_user_ns, record->euid), record->sessionid);
	log_untrusted(ab, record->comm);
	audit_log_format(ab, " res=%d", !result);
	audit_log_end(ab);
}
