/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_LEADER_H
#define MEMRW_LEADER_H

#include <linux/pid.h>
#include <linux/sched/signal.h>

/*
 * The leader of the process of @task, or @task itself where that has none any more.
 * By the pid: what a thread that has ended has for its leader may be gone, after an
 * execve() of another thread.  For as long as the caller's rcu_read_lock() lasts.
 */
static inline struct task_struct *memrw_leader(struct task_struct *task)
{
	return pid_task(task_tgid(task), PIDTYPE_TGID) ?: task;
}

#endif /* MEMRW_LEADER_H */
