// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which target a session is bound to.
 *
 * A target keeps the mm_struct (mmgrab) but not the memory behind it, and the
 * struct pid but not the task: a session never keeps a dead process's memory
 * alive, and never reaches a process that came by its pid later.  Only for the
 * length of a transfer is the memory itself held (mmget_not_zero).
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include "bind_record.h"
#include "compat.h"
#include "leader.h"
#include "policy.h"
#include "session.h"

struct memrw_target {
	struct mm_struct *mm;
	struct pid *pid;		/* of the thread group */
	u32 transfer_flags;
	char comm[MEMRW_COMM_LEN];	/* when it was bound */
	struct rcu_work free;
};

/*
 * A transfer reads @target under RCU and takes what it needs from it, so
 * threads that share a session never wait for each other.
 */
struct memrw_session {
	struct mutex lock;	/* orders those who replace @target */
	struct memrw_target __rcu *target;
	struct address_space windows;	/* which VMAs are of the session */
};

/*
 * Targets that were replaced are freed here, a grace period later.  Not in an
 * RCU callback: the last mmdrop() takes locks that softirqs must not take.
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

static struct memrw_target *target_create(struct task_struct *task, u32 transfer_flags)
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
	return target;
}

static void replace_target(struct memrw_session *session, struct memrw_target *target)
{
	struct memrw_target *old;

	mutex_lock(&session->lock);
	old = rcu_replace_pointer(session->target, target, lockdep_is_held(&session->lock));
	mutex_unlock(&session->lock);
	if (old) {
		INIT_RCU_WORK(&old->free, target_free_work);
		queue_rcu_work(free_workqueue, &old->free);
	}
}

/**
 * memrw_session_bind() - bind a session to a process, if the policy allows
 * @session: the session
 * @nr: the process, or a thread of it, in the caller's pid namespace
 * @transfer_flags: what applies to every transfer through the session
 *
 * Return: 0, or -ESRCH, -EINVAL (a kernel thread), -EPERM, -EINTR, -ENOMEM;
 * the session then stays as it was.
 */
int memrw_session_bind(struct memrw_session *session, pid_t nr, u32 transfer_flags)
{
	struct task_struct *task = find_task(nr);
	struct memrw_target *target;

	if (!task)
		return -ESRCH;
	target = target_create(task, transfer_flags);
	put_task_struct(task);
	if (IS_ERR(target))
		return PTR_ERR(target);
	replace_target(session, target);
	return 0;
}

void memrw_session_unbind(struct memrw_session *session)
{
	replace_target(session, NULL);
}

/*
 * What became of the target.  Compares pointers alone, so no lock is needed
 * but RCU: the target keeps its mm_struct, and no other can come to live at
 * the same address.
 */
static enum memrw_target_state target_state(const struct memrw_target *target)
{
	struct task_struct *task = pid_task(target->pid, PIDTYPE_TGID);
	struct task_struct *thread = task ? living_thread(task) : NULL;
	struct mm_struct *mm = thread ? READ_ONCE(thread->mm) : NULL;

	if (!mm)
		return MEMRW_TARGET_EXITED;
	return mm == target->mm ? MEMRW_TARGET_BOUND : MEMRW_TARGET_EXECED;
}

/* Take hold of the target's memory, or say why it cannot be had.  Under RCU. */
static int target_get_memory(const struct memrw_target *target)
{
	enum memrw_target_state state = target_state(target);

	if (state == MEMRW_TARGET_BOUND) {
		if (mmget_not_zero(target->mm))
			return 0;
		/* A process leaves its mm before it gives it up: look again. */
		smp_rmb();
		state = target_state(target);
	}
	return state == MEMRW_TARGET_EXECED ? -ESTALE : -ESRCH;
}

/**
 * memrw_session_get_mm() - the target's memory, for one transfer
 * @session: the session
 * @transfer_flags: out: the flags that the target was bound with
 *
 * The session may be rebound, and the target may exit, while the caller uses
 * what it got here.
 *
 * Return: an mm to be given back with mmput(), or an error pointer: -EBADFD,
 * -ESRCH or -ESTALE.
 */
struct mm_struct *memrw_session_get_mm(struct memrw_session *session, u32 *transfer_flags)
{
	struct memrw_target *target;
	struct mm_struct *mm;
	int err;

	rcu_read_lock();
	target = rcu_dereference(session->target);
	err = target ? target_get_memory(target) : -EBADFD;
	if (err) {
		mm = ERR_PTR(err);
	} else {
		mm = target->mm;
		*transfer_flags = target->transfer_flags;
	}
	rcu_read_unlock();
	return mm;
}

/**
 * memrw_session_grab_mm() - the target's address space, for a window
 * @session: the session
 * @transfer_flags: out: the flags that the target was bound with
 *
 * For those who hold another mmap_lock: the last mmput() would take the target's.
 *
 * Return: an mm to be given back with mmdrop(), or an error pointer: -EBADFD,
 * -ESRCH or -ESTALE.
 */
struct mm_struct *memrw_session_grab_mm(struct memrw_session *session, u32 *transfer_flags)
{
	struct memrw_target *target;
	struct mm_struct *mm;

	rcu_read_lock();
	target = rcu_dereference(session->target);
	if (!target) {
		mm = ERR_PTR(-EBADFD);
	} else {
		switch (target_state(target)) {
		case MEMRW_TARGET_BOUND:
			mm = target->mm;
			mmgrab(mm);
			*transfer_flags = target->transfer_flags;
			break;
		case MEMRW_TARGET_EXECED:
			mm = ERR_PTR(-ESTALE);
			break;
		default:
			mm = ERR_PTR(-ESRCH);
			break;
		}
	}
	rcu_read_unlock();
	return mm;
}

/**
 * memrw_session_windows() - the mapping that the session's windows are of
 * @session: the session
 *
 * Of its own, and not the device's: what is taken out of one session's windows
 * stays in those of all others.
 */
struct address_space *memrw_session_windows(struct memrw_session *session)
{
	return &session->windows;
}

/**
 * memrw_session_describe() - fill in what MEMRW_IOC_GET_TARGET tells
 * @session: the session
 * @out: everything but the header of the struct is set
 *
 * Return: 0, or -EBADFD.
 */
int memrw_session_describe(struct memrw_session *session, struct memrw_get_target *out)
{
	struct memrw_target *target;
	struct task_struct *task;
	int err = -EBADFD;

	rcu_read_lock();
	target = rcu_dereference(session->target);
	if (target) {
		task = pid_task(target->pid, PIDTYPE_TGID);
		out->pid = pid_vnr(target->pid);
		out->state = target_state(target);
		out->transfer_flags = target->transfer_flags;
		memcpy(out->comm, target->comm, sizeof(out->comm));
		if (task && out->state != MEMRW_TARGET_EXITED)
			get_task_comm(out->comm, task);
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

/* @inode is the device's. */
struct memrw_session *memrw_session_create(struct inode *inode)
{
	struct memrw_session *session = kzalloc_obj(*session, GFP_KERNEL_ACCOUNT);

	if (!session)
		return NULL;
	mutex_init(&session->lock);
	address_space_init_once(&session->windows);
	session->windows.host = inode;
	session->windows.a_ops = inode->i_mapping->a_ops;
	return session;
}

/* Nobody else has the session any more: no grace period is needed. */
void memrw_session_destroy(struct memrw_session *session)
{
	struct memrw_target *target = rcu_dereference_protected(session->target, true);

	if (target)
		target_free(target);
	mutex_destroy(&session->lock);
	kfree(session);
}

int memrw_session_init(void)
{
	free_workqueue = alloc_workqueue("memrw", WQ_UNBOUND, 0);
	return free_workqueue ? 0 : -ENOMEM;
}

/* No session is left. */
void memrw_session_exit(void)
{
	/* Until it is over, what waits for a grace period is not in the queue. */
	rcu_barrier();
	destroy_workqueue(free_workqueue);
}
