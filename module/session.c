// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which target a session is bound to.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "session.h"
#include "target.h"

/*
 * A transfer reads @target under RCU and takes what it needs from it, so
 * threads that share a session never wait for each other.
 */
struct memrw_session {
	struct mutex lock;	/* orders those who replace @target */
	struct memrw_target __rcu *target;
	struct address_space windows;	/* which VMAs are of the session */
};

static void replace_target(struct memrw_session *session, struct memrw_target *target)
{
	struct memrw_target *old;

	mutex_lock(&session->lock);
	old = rcu_replace_pointer(session->target, target, lockdep_is_held(&session->lock));
	mutex_unlock(&session->lock);
	if (old)
		memrw_target_put(old);
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
	struct memrw_target *target = memrw_target_create(nr, transfer_flags);

	if (IS_ERR(target))
		return PTR_ERR(target);
	replace_target(session, target);
	return 0;
}

void memrw_session_unbind(struct memrw_session *session)
{
	replace_target(session, NULL);
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
	struct mm_struct *mm = ERR_PTR(-EBADFD);
	struct memrw_target *target;

	rcu_read_lock();
	target = rcu_dereference(session->target);
	if (target) {
		mm = memrw_target_get_mm(target);
		*transfer_flags = memrw_target_transfer_flags(target);
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
	struct mm_struct *mm = ERR_PTR(-EBADFD);
	struct memrw_target *target;

	rcu_read_lock();
	target = rcu_dereference(session->target);
	if (target) {
		mm = memrw_target_grab_mm(target);
		*transfer_flags = memrw_target_transfer_flags(target);
	}
	rcu_read_unlock();
	return mm;
}

/**
 * memrw_session_get_target() - the target, for what outlives the binding
 * @session: the session
 *
 * Return: a target to be given back with memrw_target_put(), or -EBADFD.
 */
struct memrw_target *memrw_session_get_target(struct memrw_session *session)
{
	struct memrw_target *target;

	rcu_read_lock();
	do {
		target = rcu_dereference(session->target);
	} while (target && !memrw_target_get(target));
	rcu_read_unlock();
	return target ?: ERR_PTR(-EBADFD);
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
	int err = -EBADFD;

	rcu_read_lock();
	target = rcu_dereference(session->target);
	if (target) {
		memrw_target_describe(target, out);
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
		memrw_target_put_unseen(target);
	mutex_destroy(&session->lock);
	kfree(session);
}
