// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches: what accesses this memory of the target's, without stopping it.
 *
 * A hit is noted where it happens: in an exception that comes in the middle of the
 * target's own code, or of the kernel's own, with any lock held and with interrupts off.
 * So what is done there takes no lock, waits for nothing and wakes nobody; what can
 * wait for an interrupt (waking the reader, stopping the target) is done in one, and
 * what can wait for a process is done in a work, which also looks from time to time
 * for what nobody tells: that the target is no more, and threads that were missed.
 *
 * Locks: @reading or @lock; none is taken with another one held.
 */
#include <linux/anon_inodes.h>
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/pid_namespace.h>
#include <linux/poll.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "breakpoints.h"
#include "compat.h"
#include "hit.h"
#include "hit_filter.h"
#include "hit_ring.h"
#include "target.h"
#include "watch.h"

#define CAPACITY_DEFAULT	1024
#define CAPACITY_MIN		2

/* How often it is looked whether the target is still there. */
#define LOOK_MS			100

/* For how long threads are looked for that were being started, at first quickly. */
#define SETTLE_MS		2000

/* Why a watch has ended, beside enum memrw_watch_end. */
#define GOES_ON			0
#define CLOSED			(-1)

/*
 * struct memrw_watch - a watch, and the file that its hits are read from
 * @target: what is watched
 * @pids: the namespace whose numbers the threads are told by
 * @filter: which hits are wanted
 * @value: when it was last seen
 * @started: hits count
 * @accepted: how many hits there were, for the limit
 * @ring: the hits
 * @lock: protects @breakpoints
 * @ending: an enum memrw_watch_end, once there is to be no more hit
 * @over: there is no more hit
 * @told: the reader knows
 * @look: looks after @breakpoints
 * @look_again: when, in jiffies
 * @settled: from then on no thread is missing, jiffies
 * @tell: what is done in an interrupt
 * @stop: the target is to be stopped
 * @reading: one reader at a time; protects the ring's end and @told
 * @readers: who waits
 * @fasync: who is told by a signal
 */
struct memrw_watch {
	struct memrw_target *target;
	struct pid_namespace *pids;
	struct memrw_hit_filter filter;
	atomic64_t value;
	bool started;
	atomic64_t accepted;
	struct memrw_hit_ring *ring;

	struct mutex lock;	/* see above */
	struct memrw_breakpoints breakpoints;
	atomic_t ending;
	bool over;
	bool told;

	struct delayed_work look;
	unsigned long look_again;
	unsigned long settled;
	struct irq_work tell;
	bool stop;

	struct mutex reading;	/* see above */
	wait_queue_head_t readers;
	struct fasync_struct *fasync;
};

static struct workqueue_struct *look_workqueue;

/*
 * Where it happens
 */

/* What is done here may access what is watched. */
static DEFINE_PER_CPU(int, depth);

static bool read_value(struct memrw_watch *watch, struct memrw_hit_access *access)
{
	const struct memrw_set_watch *set = &watch->filter.set;

	if (set->type == MEMRW_WATCH_TYPE_EXECUTE ||
	    !memrw_hit_read_value(set->address, set->length, &access->value))
		return false;
	access->before = atomic64_xchg(&watch->value, access->value);
	return true;
}

static void end(struct memrw_watch *watch, int why)
{
	atomic_cmpxchg(&watch->ending, GOES_ON, why);
}

/* Is it within the limit?  If it is the last, the watch ends. */
static bool is_accepted(struct memrw_watch *watch)
{
	u64 limit = watch->filter.set.limit, number;

	if (!limit)
		return true;
	number = atomic64_inc_return(&watch->accepted);
	if (number == limit)
		end(watch, MEMRW_WATCH_END_LIMIT);
	return number <= limit;
}

/* @regs are those of user mode. */
static void put_into_ring(struct memrw_watch *watch, const struct memrw_hit_access *access,
			  const struct pt_regs *regs)
{
	struct memrw_watch_hit *hit = memrw_hit_ring_reserve(watch->ring);

	if (!hit)
		return;
	hit->kind = MEMRW_HIT_ACCESS;
	hit->flags = access->flags;
	hit->tid = task_pid_nr_ns(current, watch->pids);
	hit->ip = access->ip;
	hit->before = access->before;
	hit->value = access->value;
	memrw_hit_describe_thread(hit, regs);
	memrw_hit_ring_commit(hit);
}

static void note_access(struct memrw_watch *watch, struct pt_regs *regs)
{
	struct memrw_hit_access access = { .flags = 0 };

	if (!user_mode(regs)) {
		access.flags |= MEMRW_HIT_KERNEL;
		regs = task_pt_regs(current);
	}
	access.ip = instruction_pointer(regs);
	if (!read_value(watch, &access))
		access.flags |= MEMRW_HIT_NO_VALUE;
	if (!READ_ONCE(watch->started))
		return;
	if (!memrw_hit_filter_passes(&watch->filter, &access) || !is_accepted(watch))
		return;
	put_into_ring(watch, &access, regs);
	if (watch->filter.set.flags & MEMRW_WATCH_STOP)
		WRITE_ONCE(watch->stop, true);
	/* Pairs with the barrier of those who wait: they see the hit, or are seen. */
	if (wq_has_sleeper(&watch->readers) || READ_ONCE(watch->fasync) ||
	    READ_ONCE(watch->stop) || atomic_read(&watch->ending) != GOES_ON)
		irq_work_queue(&watch->tell);
}

static void on_access(struct perf_event *event, struct perf_sample_data *data,
		      struct pt_regs *regs)
{
	struct memrw_watch *watch = event->overflow_handler_context;

	/*
	 * Other memory at that address: after execve(2), or (before Linux 5.13) of a
	 * child of fork(2), which has inherited the event as a thread does.
	 */
	if (current->mm != memrw_target_mm(watch->target) ||
	    atomic_read(&watch->ending) != GOES_ON)
		return;
	if (this_cpu_inc_return(depth) == 1)
		note_access(watch, regs);
	this_cpu_dec(depth);
}

/*
 * In an interrupt
 */

static void wake_readers(struct memrw_watch *watch)
{
	wake_up_interruptible_poll(&watch->readers, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&watch->fasync, SIGIO, POLL_IN);
}

static void tell(struct irq_work *work)
{
	struct memrw_watch *watch = container_of(work, struct memrw_watch, tell);

	if (READ_ONCE(watch->stop)) {
		WRITE_ONCE(watch->stop, false);
		kill_pid(memrw_target_pid(watch->target), SIGSTOP, 1);
	}
	if (atomic_read(&watch->ending) != GOES_ON)
		mod_delayed_work(look_workqueue, &watch->look, 0);
	wake_readers(watch);
}

/*
 * In a work
 */

static bool is_over(const struct memrw_watch *watch)
{
	/* Pairs with the release when the last hit was in the ring. */
	return smp_load_acquire(&watch->over);
}

static void look_whether_target_is_there(struct memrw_watch *watch)
{
	enum memrw_target_state state;

	rcu_read_lock();
	state = memrw_target_state(watch->target);
	rcu_read_unlock();
	if (state == MEMRW_TARGET_EXECED)
		end(watch, MEMRW_WATCH_END_EXECED);
	else if (state == MEMRW_TARGET_EXITED)
		end(watch, MEMRW_WATCH_END_EXITED);
}

static void look_later(struct memrw_watch *watch)
{
	unsigned long longest = msecs_to_jiffies(LOOK_MS);

	queue_delayed_work(look_workqueue, &watch->look, watch->look_again);
	watch->look_again = min(2 * watch->look_again, longest);
}

static void look(struct work_struct *work)
{
	struct memrw_watch *watch = container_of(work, struct memrw_watch, look.work);

	look_whether_target_is_there(watch);
	mutex_lock(&watch->lock);
	if (atomic_read(&watch->ending) != GOES_ON) {
		memrw_breakpoints_remove(&watch->breakpoints);
		/* All hits are in the ring. */
		smp_store_release(&watch->over, true);
	} else {
		/* Where no debug register is free, one may be the next time. */
		if (time_before(jiffies, watch->settled))
			memrw_breakpoints_cover(&watch->breakpoints,
						memrw_target_pid(watch->target));
		look_later(watch);
	}
	mutex_unlock(&watch->lock);
	if (is_over(watch))
		wake_readers(watch);
}

/*
 * The file
 */

/* Is there a hit, or the end? */
static bool is_ready(struct memrw_watch *watch)
{
	return is_over(watch) || memrw_hit_ring_first(watch->ring);
}

/* As much of it as the caller knows, and zeros behind what the driver knows. */
static bool copy_record(struct memrw_watch *watch, char __user *to,
			const struct memrw_watch_hit *hit)
{
	size_t size = watch->filter.set.hit_size;
	size_t known = min(size, sizeof(*hit));

	return !copy_to_user(to, hit, known) && !clear_user(to + known, size - known);
}

/* Return: 1, 0 where there is none, or -EFAULT. */
static int read_hit(struct memrw_watch *watch, char __user *to)
{
	const struct memrw_watch_hit *hit = memrw_hit_ring_first(watch->ring);

	if (!hit)
		return 0;
	if (!copy_record(watch, to, hit))
		return -EFAULT;
	memrw_hit_ring_drop_first(watch->ring);
	return 1;
}

/* The same; the last record, once. */
static int read_end(struct memrw_watch *watch, char __user *to)
{
	struct memrw_watch_hit *last;
	bool copied;

	if (watch->told)
		return 0;
	last = kzalloc_obj(*last, GFP_KERNEL_ACCOUNT);
	if (!last)
		return -ENOMEM;
	last->kind = MEMRW_HIT_END;
	last->time = ktime_get_mono_fast_ns();
	last->lost = memrw_hit_ring_take_lost(watch->ring);
	last->value = atomic_read(&watch->ending);
	copied = copy_record(watch, to, last);
	kfree(last);
	if (!copied)
		return -EFAULT;
	watch->told = true;
	return 1;
}

/* Return: bytes, 0 at the end, -EAGAIN where there is nothing yet, or -errno. */
static ssize_t read_records(struct memrw_watch *watch, char __user *buffer, size_t length)
{
	size_t size = watch->filter.set.hit_size;
	size_t done = 0;
	bool over = false;
	int got = 1;

	while (length - done >= size && got > 0) {
		/* In this order: what came before the end is found. */
		over = is_over(watch);
		got = read_hit(watch, buffer + done);
		if (!got && over)
			got = read_end(watch, buffer + done);
		if (got > 0)
			done += size;
	}
	if (done || got < 0)
		return done ?: got;
	return over ? 0 : -EAGAIN;
}

static ssize_t watch_read(struct file *file, char __user *buffer, size_t length, loff_t *offset)
{
	struct memrw_watch *watch = file->private_data;
	ssize_t done;

	if (length < watch->filter.set.hit_size)
		return -EINVAL;
	for (;;) {
		if (mutex_lock_interruptible(&watch->reading))
			return -ERESTARTSYS;
		done = read_records(watch, buffer, length);
		mutex_unlock(&watch->reading);
		if (done != -EAGAIN || file->f_flags & O_NONBLOCK)
			return done;
		if (wait_event_interruptible(watch->readers, is_ready(watch)))
			return -ERESTARTSYS;
	}
}

static __poll_t watch_poll(struct file *file, poll_table *wait)
{
	struct memrw_watch *watch = file->private_data;

	poll_wait(file, &watch->readers, wait);
	if (!is_ready(watch))
		return 0;
	return EPOLLIN | EPOLLRDNORM | (READ_ONCE(watch->told) ? EPOLLHUP : 0);
}

static int watch_fasync(int fd, struct file *file, int on)
{
	struct memrw_watch *watch = file->private_data;

	return fasync_helper(fd, file, on, &watch->fasync);
}

static void watch_free(struct memrw_watch *watch)
{
	memrw_hit_ring_free(watch->ring);
	put_pid_ns(watch->pids);
	mutex_destroy(&watch->reading);
	mutex_destroy(&watch->lock);
	kfree(watch);
}

/* Hits are told of by interrupts, and those tell the work. */
static void watch_stop(struct memrw_watch *watch)
{
	end(watch, CLOSED);
	mutex_lock(&watch->lock);
	memrw_breakpoints_remove(&watch->breakpoints);
	mutex_unlock(&watch->lock);
	irq_work_sync(&watch->tell);
	cancel_delayed_work_sync(&watch->look);
}

/* Of one that has not been opened; closing the file does it else. */
void memrw_watch_destroy(struct memrw_watch *watch)
{
	watch_stop(watch);
	memrw_target_put(watch->target);
	watch_free(watch);
}

static int watch_release(struct inode *inode, struct file *file)
{
	memrw_watch_destroy(file->private_data);
	return 0;
}

static const struct file_operations watch_fops = {
	.owner = THIS_MODULE,
	.release = watch_release,
	.read = watch_read,
	.poll = watch_poll,
	.fasync = watch_fasync,
};

/*
 * Opening
 */

static bool length_is_valid(const struct memrw_set_watch *set)
{
	if (set->type == MEMRW_WATCH_TYPE_EXECUTE)
		return set->length == 1;
	return is_power_of_2(set->length) && set->length <= sizeof(u64) &&
	       IS_ALIGNED(set->address, set->length);
}

static bool type_is_valid(u32 type)
{
	return type == MEMRW_WATCH_TYPE_WRITE || type == MEMRW_WATCH_TYPE_READ_WRITE ||
	       type == MEMRW_WATCH_TYPE_EXECUTE;
}

/* Return: 0, or -EINVAL, or -EIO (an address of the kernel's). */
static int check(const struct memrw_set_watch *set, const struct memrw_target *target)
{
	unsigned long task_size = memrw_target_mm(target)->task_size;

	if (!type_is_valid(set->type) || !length_is_valid(set))
		return -EINVAL;
	if (set->capacity > MEMRW_WATCH_CAPACITY_MAX ||
	    set->hit_size < offsetofend(struct memrw_watch_hit, callers) ||
	    set->hit_size > PAGE_SIZE)
		return -EINVAL;
	return set->address <= task_size - set->length ? 0 : -EIO;
}

/* With one place the ring could not tell full from free. */
static u32 capacity_of(const struct memrw_set_watch *set)
{
	return roundup_pow_of_two(max_t(u32, set->capacity ?: CAPACITY_DEFAULT, CAPACITY_MIN));
}

static struct memrw_watch *watch_alloc(struct memrw_target *target,
				       const struct memrw_set_watch *set)
{
	struct memrw_watch *watch = kzalloc_obj(*watch, GFP_KERNEL_ACCOUNT);
	int err;

	if (!watch)
		return ERR_PTR(-ENOMEM);
	err = memrw_hit_filter_init(&watch->filter, set);
	if (err)
		goto free;
	err = -ENOMEM;
	watch->ring = memrw_hit_ring_create(capacity_of(set));
	if (!watch->ring)
		goto free;
	watch->target = target;
	watch->pids = get_pid_ns(task_active_pid_ns(current));
	mutex_init(&watch->lock);
	memrw_breakpoints_init(&watch->breakpoints, set, on_access, watch);
	INIT_DELAYED_WORK(&watch->look, look);
	watch->look_again = 1;
	watch->settled = jiffies + msecs_to_jiffies(SETTLE_MS);
	init_irq_work(&watch->tell, tell);
	mutex_init(&watch->reading);
	init_waitqueue_head(&watch->readers);
	return watch;
free:
	kfree(watch);
	return ERR_PTR(err);
}

/* Return: 0, or -errno where not every thread could be watched. */
static int set_breakpoints(struct memrw_watch *watch)
{
	int err;

	mutex_lock(&watch->lock);
	err = memrw_breakpoints_cover(&watch->breakpoints, memrw_target_pid(watch->target));
	if (!err)
		look_later(watch);
	mutex_unlock(&watch->lock);
	return err;
}

/**
 * memrw_watch_create() - a watch of a target's memory, which does not yet look
 * @target: the target; the caller's reference to it becomes the watch's
 * @set: what is asked for
 *
 * Return: a watch, to be opened or destroyed; or an error pointer, and @target is still
 * the caller's: -EINVAL, -EIO (an address of the kernel's), -ENOMEM.
 */
struct memrw_watch *memrw_watch_create(struct memrw_target *target,
				       const struct memrw_set_watch *set)
{
	int err = check(set, target);

	return err ? ERR_PTR(err) : watch_alloc(target, set);
}

/**
 * memrw_watch_open() - from now on there are hits, and they can be read
 * @watch: the watch
 * @value: what was there a moment ago: a store since then is not missed, it is part of
 *	what the first hit finds changed
 *
 * Return: a descriptor of the caller's, whose the watch is now; or -errno: -ENOSPC,
 * -ENOMEM, -EMFILE, -EINTR.
 */
int memrw_watch_open(struct memrw_watch *watch, u64 value)
{
	int err;

	atomic64_set(&watch->value, value);
	err = set_breakpoints(watch);
	if (err)
		return err;
	WRITE_ONCE(watch->started, true);
	return anon_inode_getfd("[memrw-watch]", &watch_fops, watch, O_RDONLY | O_CLOEXEC);
}

int memrw_watch_init(void)
{
	look_workqueue = alloc_workqueue("memrw-watch", WQ_UNBOUND, 0);
	return look_workqueue ? 0 : -ENOMEM;
}

/* No watch is left. */
void memrw_watch_exit(void)
{
	destroy_workqueue(look_workqueue);
}
