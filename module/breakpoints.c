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
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

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
 * Which threads have one.
 *
 * That is in the thread's context, which is looked at with its lock held, and not what the
 * event says: of threads that have inherited perf swaps the contexts where a processor
 * goes from one to the other, and an event goes on saying whose it was at first.
 */

struct breakpoint_count {
	unsigned int all;
	unsigned int ours;
};

/* Return: false where @context is no longer the thread's. */
static bool count_in_context(const struct memrw_breakpoints *breakpoints,
			     struct task_struct *thread, struct perf_event_context *context,
			     struct breakpoint_count *count)
{
	struct perf_event *event;
	unsigned long flags;
	bool valid;

	raw_spin_lock_irqsave(&context->lock, flags);
	valid = context == compat_breakpoint_context(thread);
	if (valid) {
		list_for_each_entry(event, &context->event_list, event_entry) {
			count->all += event->attr.type == PERF_TYPE_BREAKPOINT;
			count->ours += event->overflow_handler_context == breakpoints->context;
		}
	}
	raw_spin_unlock_irqrestore(&context->lock, flags);
	return valid;
}

static struct breakpoint_count count_breakpoints(const struct memrw_breakpoints *breakpoints,
						 struct task_struct *thread)
{
	struct breakpoint_count count = { .all = 0 };
	struct perf_event_context *context;

	rcu_read_lock();
	do {
		/* NULL if the thread never had an event. */
		context = compat_breakpoint_context(thread);
	} while (context && !count_in_context(breakpoints, thread, context, &count));
	rcu_read_unlock();
	return count;
}

/*
 * Some threads that have none, each to be put; how many.  What a thread inherits it has
 * before it can be found here.
 */
static unsigned int find_uncovered(const struct memrw_breakpoints *breakpoints,
				   struct pid *process, struct task_struct **threads)
{
	struct task_struct *leader, *thread;
	unsigned int count = 0;

	rcu_read_lock();
	leader = pid_task(process, PIDTYPE_TGID);
	if (!leader)
		goto out;
	for_each_thread(leader, thread) {
		if (thread->flags & PF_EXITING || count_breakpoints(breakpoints, thread).ours)
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
	struct breakpoint *breakpoint;
	struct perf_event *event;

	/* Of contexts that were swapped perf itself loses count. */
	if (count_breakpoints(breakpoints, thread).all >= HBP_NUM)
		return -ENOSPC;
	breakpoint = kzalloc_obj(*breakpoint, GFP_KERNEL_ACCOUNT);
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
	unsigned int i;
	int err = 0;

	*count = find_uncovered(breakpoints, process, threads);
	for (i = 0; i < *count; i++) {
		if (!err)
			err = cover_thread(breakpoints, threads[i]);
		put_task_struct(threads[i]);
	}
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
