// SPDX-License-Identifier: GPL-2.0-only
/*
 * One hardware breakpoint, in all threads of a process.
 *
 * perf has the debug registers: it gives each thread an event of its own, switches that
 * with the thread, and lets a thread inherit it from the one that starts it.  What is
 * left to do is to give one to every thread that there is, and to none twice: one that
 * was started meanwhile has inherited, or not, depending on which was first.
 */
#include <linux/err.h>
#include <linux/hw_breakpoint.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "breakpoints.h"
#include "compat.h"

/* That many threads are looked at a time: few enough for the stack. */
#define BATCH_THREADS	32

struct breakpoint {
	struct list_head list;
	struct perf_event *event;
};

static u32 type_of(const struct memrw_set_watch *set)
{
	switch (set->type) {
	case MEMRW_WATCH_TYPE_WRITE:
		return HW_BREAKPOINT_W;
	case MEMRW_WATCH_TYPE_READ_WRITE:
		return HW_BREAKPOINT_RW;
	default:
		return HW_BREAKPOINT_X;
	}
}

/* @set is valid. */
void memrw_breakpoints_init(struct memrw_breakpoints *breakpoints,
			    const struct memrw_set_watch *set,
			    perf_overflow_handler_t handler, void *context)
{
	struct perf_event_attr *attr = &breakpoints->attr;

	hw_breakpoint_init(attr);
	attr->bp_type = type_of(set);
	attr->bp_addr = set->address;
	/* Which perf wants of one on an instruction, whatever that takes. */
	attr->bp_len = attr->bp_type == HW_BREAKPOINT_X ? sizeof(long) : set->length;
	attr->inherit = 1;
	compat_end_with_process(attr);
	breakpoints->handler = handler;
	breakpoints->context = context;
	INIT_LIST_HEAD(&breakpoints->events);
}

/*
 * Which threads have one.  Functions return 0, or -ENOMEM.
 */

static int note(struct xarray *covered, const struct perf_event *event)
{
	/* Threads that have ended are among them, and their numbers given to others. */
	return xa_err(xa_store(covered, task_pid_nr(event->hw.target), event->hw.target,
			       GFP_KERNEL));
}

static int note_with_heirs(struct xarray *covered, const struct breakpoint *breakpoint)
{
	struct perf_event *event = breakpoint->event, *heir;
	int err = note(covered, event);

	mutex_lock(&event->child_mutex);
	list_for_each_entry(heir, &event->child_list, child_list) {
		if (err)
			break;
		err = note(covered, heir);
	}
	mutex_unlock(&event->child_mutex);
	return err;
}

static int find_covered(const struct memrw_breakpoints *breakpoints, struct xarray *covered)
{
	struct breakpoint *breakpoint;
	int err = 0;

	list_for_each_entry(breakpoint, &breakpoints->events, list) {
		/* cppcheck-suppress uninitvar ; it does not know the loop */
		err = note_with_heirs(covered, breakpoint);
		if (err)
			break;
		cond_resched();
	}
	return err;
}

/* Some threads that have none, each to be put; how many. */
static unsigned int find_uncovered(struct pid *process, struct xarray *covered,
				   struct task_struct **threads)
{
	struct task_struct *leader, *thread;
	unsigned int count = 0;

	rcu_read_lock();
	leader = pid_task(process, PIDTYPE_TGID);
	if (!leader)
		goto out;
	for_each_thread(leader, thread) {
		if (thread->flags & PF_EXITING ||
		    xa_load(covered, task_pid_nr(thread)) == thread)
			continue;
		get_task_struct(thread);
		threads[count++] = thread;
		if (count == BATCH_THREADS)
			break;
	}
out:
	rcu_read_unlock();
	return count;
}

/*
 * Giving them one.  Functions return 0, or -errno.
 */

static int cover_thread(struct memrw_breakpoints *breakpoints, struct task_struct *thread)
{
	struct breakpoint *breakpoint = kzalloc_obj(*breakpoint, GFP_KERNEL_ACCOUNT);
	struct perf_event *event;

	if (!breakpoint)
		return -ENOMEM;
	event = register_user_hw_breakpoint(&breakpoints->attr, breakpoints->handler,
					    breakpoints->context, thread);
	if (IS_ERR(event)) {
		kfree(breakpoint);
		return PTR_ERR(event) == -ESRCH ? 0 : PTR_ERR(event);
	}
	breakpoint->event = event;
	list_add_tail(&breakpoint->list, &breakpoints->events);
	return 0;
}

/* Also: how many there were. */
static int cover_some(struct memrw_breakpoints *breakpoints, struct pid *process,
		      unsigned int *count)
{
	struct task_struct *threads[BATCH_THREADS];
	struct xarray covered;
	unsigned int i;
	int err;

	xa_init(&covered);
	*count = 0;
	err = find_covered(breakpoints, &covered);
	if (!err)
		*count = find_uncovered(process, &covered, threads);
	for (i = 0; i < *count; i++) {
		if (!err)
			err = cover_thread(breakpoints, threads[i]);
		put_task_struct(threads[i]);
	}
	xa_destroy(&covered);
	return err;
}

/**
 * memrw_breakpoints_cover() - give one to every thread that has none
 * @breakpoints: the breakpoints
 * @process: whose threads
 *
 * What is left out is a thread whose clone(2) had begun before the one that starts it
 * got its own, and is not through yet: nobody can see it.  So this is called again later.
 *
 * Return: 0, or -ENOSPC (all debug registers of a thread are in use), -ENOMEM, -EINTR;
 * those that were given by then are kept.
 */
int memrw_breakpoints_cover(struct memrw_breakpoints *breakpoints, struct pid *process)
{
	unsigned int count;
	int err;

	do {
		err = cover_some(breakpoints, process, &count);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
	} while (!err && count);
	return err;
}

/* No hit is under way when this returns. */
void memrw_breakpoints_remove(struct memrw_breakpoints *breakpoints)
{
	struct breakpoint *breakpoint, *next;

	list_for_each_entry_safe(breakpoint, next, &breakpoints->events, list) {
		list_del(&breakpoint->list);
		unregister_hw_breakpoint(breakpoint->event);
		kfree(breakpoint);
		cond_resched();
	}
}
