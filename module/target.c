// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process's address space, as a session is bound to it.
 *
 * A target keeps the mm_struct (mmgrab) but not the memory behind it, and the
 * struct pid but not the task: it never keeps a dead process's memory alive, and
 * never reaches a process that came by its pid later.  Only for the length of a
 * transfer is the memory itself held (mmget_not_zero).
 */
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include "bind_record.h"
#include "compat.h"
#include "leader.h"
#include "policy.h"
#include "target.h"

struct memrw_target {
	refcount_t users;
	struct mm_struct *mm;
	struct pid *pid;		/* of the thread group */
	u32 transfer_flags;
	char comm[MEMRW_COMM_LEN];	/* when it was bound */
	struct rcu_work free;
};

/*
 * Where targets are freed, a grace period after the last has put them: somebody
 * may still look at one under RCU.  Not in an RCU callback: the last mmdrop()
 * takes locks that softirqs must not take.
 */
static struct workqueue_struct *free_workqueue;

static void target_free(struct memrw_target *target)
{
	mmdrop(target->mm);
	put_pid(target->pid);
	kfree(target);
}

static void target_free_work(struct work_struct *work)
{
	target_free(container_of(to_rcu_work(work), struct memrw_target, free));
}

/*
 * A thread of @task's process that still has its memory: @task itself, or
 * another one where the leader has ended before the rest.  Under RCU.
 */
static struct task_struct *living_thread(struct task_struct *task)
{
	struct task_struct *thread;

	if (READ_ONCE(task->mm))
		return task;
	for_each_thread(task, thread)
		if (READ_ONCE(thread->mm))
			return thread;
	return NULL;
}

static struct task_struct *find_task(pid_t nr)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_vpid(nr), PIDTYPE_PID);
	if (task)
		task = living_thread(task) ?: task;
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

/*
 * The mm of @task, if the policy lets the caller have it.  The lock keeps
 * execve() out, so that the credentials that are judged are those that go
 * with the memory that is returned.  The audit log may make the caller wait,
 * and must not make the target wait, nor keep its memory: it comes last.
 */
static struct mm_struct *grab_permitted_mm(struct task_struct *task)
{
	struct memrw_bind_record record = {};
	struct mm_struct *mm;
	int err;

	if (down_read_killable(&task->signal->exec_update_lock))
		return ERR_PTR(-EINTR);
	mm = get_task_mm(task);
	if (mm) {
		memrw_bind_record_take(&record, task);
		err = memrw_policy_check(task, mm);
	} else {
		err = task->flags & PF_KTHREAD ? -EINVAL : -ESRCH;
	}
	up_read(&task->signal->exec_update_lock);

	if (!err)
		mmgrab(mm);
	if (mm)
		mmput(mm);
	memrw_bind_record_write(&record, err);
	return err ? ERR_PTR(err) : mm;
}

static struct memrw_target *create_of_task(struct task_struct *task, u32 transfer_flags)
{
	struct memrw_target *target;
	struct mm_struct *mm;

	target = kzalloc_obj(*target, GFP_KERNEL_ACCOUNT);
	if (!target)
		return ERR_PTR(-ENOMEM);

	mm = grab_permitted_mm(task);
	if (IS_ERR(mm)) {
		kfree(target);
		return ERR_CAST(mm);
	}

	rcu_read_lock();
	target->pid = get_pid(task_tgid(task));
	get_task_comm(target->comm, memrw_leader(task));
	rcu_read_unlock();
	target->mm = mm;
	target->transfer_flags = transfer_flags;
	refcount_set(&target->users, 1);
	return target;
}

/**
 * memrw_target_create() - the address space of a process, if the policy allows
 * @nr: the process, or a thread of it, in the caller's pid namespace
 * @transfer_flags: what applies to every transfer to and from it
 *
 * Return: a target to be given back with memrw_target_put(), or an error pointer:
 * -ESRCH, -EINVAL (a kernel thread), -EPERM, -EINTR, -ENOMEM.
 */
struct memrw_target *memrw_target_create(pid_t nr, u32 transfer_flags)
{
	struct task_struct *task = find_task(nr);
	struct memrw_target *target;

	if (!task)
		return ERR_PTR(-ESRCH);
	target = create_of_task(task, transfer_flags);
	put_task_struct(task);
	return target;
}

/**
 * memrw_target_get() - one more user of a target, found under RCU
 * @target: the target
 *
 * Return: false if its last user has put it meanwhile.
 */
bool memrw_target_get(struct memrw_target *target)
{
	return refcount_inc_not_zero(&target->users);
}

void memrw_target_put(struct memrw_target *target)
{
	if (!refcount_dec_and_test(&target->users))
		return;
	INIT_RCU_WORK(&target->free, target_free_work);
	queue_rcu_work(free_workqueue, &target->free);
}

/* As memrw_target_put(), where nobody can be looking at it under RCU. */
void memrw_target_put_unseen(struct memrw_target *target)
{
	if (refcount_dec_and_test(&target->users))
		target_free(target);
}

/**
 * memrw_target_state() - what became of a target
 * @target: the target
 *
 * Compares pointers alone, so no lock is needed but RCU, which the caller holds:
 * the target keeps its mm_struct, and no other can come to live at the same
 * address.
 */
enum memrw_target_state memrw_target_state(const struct memrw_target *target)
{
	struct task_struct *task = pid_task(target->pid, PIDTYPE_TGID);
	struct task_struct *thread = task ? living_thread(task) : NULL;
	struct mm_struct *mm = thread ? READ_ONCE(thread->mm) : NULL;

	if (!mm)
		return MEMRW_TARGET_EXITED;
	return mm == target->mm ? MEMRW_TARGET_BOUND : MEMRW_TARGET_EXECED;
}

static int error_of_state(enum memrw_target_state state)
{
	return state == MEMRW_TARGET_EXECED ? -ESTALE : -ESRCH;
}

/**
 * memrw_target_get_mm() - a target's memory, for one transfer
 * @target: the target.  Under RCU.
 *
 * Return: an mm to be given back with mmput(), or -ESRCH or -ESTALE.
 */
struct mm_struct *memrw_target_get_mm(const struct memrw_target *target)
{
	enum memrw_target_state state = memrw_target_state(target);

	if (state == MEMRW_TARGET_BOUND) {
		if (mmget_not_zero(target->mm))
			return target->mm;
		/* A process leaves its mm before it gives it up: look again. */
		smp_rmb();
		state = memrw_target_state(target);
	}
	return ERR_PTR(error_of_state(state));
}

/**
 * memrw_target_grab_mm() - a target's address space, without its memory
 * @target: the target.  Under RCU.
 *
 * Return: an mm to be given back with mmdrop(), or -ESRCH or -ESTALE.
 */
struct mm_struct *memrw_target_grab_mm(const struct memrw_target *target)
{
	enum memrw_target_state state = memrw_target_state(target);

	if (state != MEMRW_TARGET_BOUND)
		return ERR_PTR(error_of_state(state));
	mmgrab(target->mm);
	return target->mm;
}

/* To be compared with others: there need not be any memory behind it. */
const struct mm_struct *memrw_target_mm(const struct memrw_target *target)
{
	return target->mm;
}

/* Of the thread group; lives as long as the target. */
struct pid *memrw_target_pid(const struct memrw_target *target)
{
	return target->pid;
}

u32 memrw_target_transfer_flags(const struct memrw_target *target)
{
	return target->transfer_flags;
}

/* Everything but the header of the struct is set.  Under RCU. */
void memrw_target_describe(const struct memrw_target *target, struct memrw_get_target *out)
{
	struct task_struct *task = pid_task(target->pid, PIDTYPE_TGID);

	out->pid = pid_vnr(target->pid);
	out->state = memrw_target_state(target);
	out->transfer_flags = target->transfer_flags;
	memcpy(out->comm, target->comm, sizeof(out->comm));
	if (task && out->state != MEMRW_TARGET_EXITED)
		get_task_comm(out->comm, task);
}

int memrw_target_init(void)
{
	free_workqueue = alloc_workqueue("memrw", WQ_UNBOUND, 0);
	return free_workqueue ? 0 : -ENOMEM;
}

/* No target is in use. */
void memrw_target_exit(void)
{
	/* Until it is over, what waits for a grace period is not in the queue. */
	rcu_barrier();
	destroy_workqueue(free_workqueue);
}
