/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_BIND_RECORD_H
#define MEMRW_BIND_RECORD_H

#include <linux/sched.h>
#include <linux/uidgid.h>

/*
 * The target as it was when the policy was asked.  Taken under a lock, and
 * written to the audit log when that is no longer held.
 */
struct memrw_bind_record {
#ifdef CONFIG_AUDIT
	bool wanted;
	pid_t pid;
	kuid_t uid, euid, loginuid;
	unsigned int sessionid;
	char comm[TASK_COMM_LEN];
#endif
};

#ifdef CONFIG_AUDIT
void memrw_bind_record_take(struct memrw_bind_record *record, struct task_struct *task);
void memrw_bind_record_write(const struct memrw_bind_record *record, int result);
#else
static inline void memrw_bind_record_take(struct memrw_bind_record *record,
					  struct task_struct *task)
{
}

static inline void memrw_bind_record_write(const struct memrw_bind_record *record, int result)
{
}
#endif

#endif /* MEMRW_BIND_RECORD_H */
