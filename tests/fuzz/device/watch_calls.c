// SPDX-License-Identifier: GPL-2.0-only
#include "watch_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/memrw.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "argument.h"
#include "cast.h"
#include "guard.h"
#include "value.h"
#include "zone.h"

/* The arguments of a watch, in their order. */
enum {
	SLOT, PLACE, SIZE, FLAGS, ADDRESS, LENGTH, TYPE, CONDITION, EVERY, OPERAND, IP_FIRST,
	IP_LAST, LIMIT, CAPACITY, HIT_SIZE, TAIL, WATCH
};

/* Of five levels of page tables, which a processor may have. */
#define TASK_SIZE	0x100000000000000

static long errno_of(long ret)
{
	return ret < 0 ? -errno : ret;
}

static struct run_watch *watch_of(struct run *run, uint64_t number)
{
	return &run->watches[number % RUN_WATCHES];
}

static void close_watch(struct run_watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

static void check_watch(struct run *run, const void *in, const void *out)
{
	const struct memrw_set_watch *set = in;

	if (memcmp(in, out, sizeof(*set)))
		run_fail(run, "watch: changed its struct");
	if (!set->length || set->length > 8 || set->length & (set->length - 1) ||
	    set->address % set->length || set->address >= TASK_SIZE ||
	    set->condition > MEMRW_WATCH_CROSS || set->ip_first > set->ip_last ||
	    set->capacity > MEMRW_WATCH_CAPACITY_MAX || set->hit_size > ZONE_PAGE ||
	    set->hit_size < sizeof(struct memrw_watch_hit))
		run_fail(run, "watch: set what cannot be set");
}

/* Who would be stopped is the child, which is waited for, or who waits. */
static struct memrw_set_watch set_of(const uint64_t *args)
{
	return (struct memrw_set_watch){
		.size = args[SIZE],
		.flags = args[FLAGS] & ~(uint64_t)MEMRW_WATCH_STOP,
		.address = args[ADDRESS],
		.length = args[LENGTH],
		.type = args[TYPE],
		.condition = args[CONDITION],
		.every = args[EVERY],
		.operand = args[OPERAND],
		.ip_first = args[IP_FIRST],
		.ip_last = args[IP_LAST],
		.limit = args[LIMIT],
		.capacity = args[CAPACITY],
		.hit_size = args[HIT_SIZE],
	};
}

long call_watch(struct run *run, const uint64_t *args)
{
	struct memrw_set_watch set = set_of(args);
	struct argument argument = {
		.slot = args[SLOT],
		.place = args[PLACE],
		.command = MEMRW_IOC_WATCH,
		.content = &set,
		.known = sizeof(set),
		.size = set.size,
		.tail = args[TAIL],
		.input = true,
		.opens = true,
		.check = check_watch,
	};
	long fd = argument_call(run, &argument);

	if (fd < 0)
		return fd;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) || !(fcntl(fd, F_GETFD) & FD_CLOEXEC))
		run_fail(run, "watch: a descriptor without O_CLOEXEC");
	close_watch(watch_of(run, args[WATCH]));
	*watch_of(run, args[WATCH]) = (struct run_watch){ fd, set.hit_size };
	return 0;
}

static bool is_possible(const struct memrw_watch_hit *hit)
{
	if (hit->kind == MEMRW_HIT_END)
		return hit->value >= MEMRW_WATCH_END_LIMIT && hit->value <= MEMRW_WATCH_END_EXITED &&
		       !hit->tid && !hit->ip;
	return hit->kind == MEMRW_HIT_ACCESS && hit->tid > 0 && hit->ip < TASK_SIZE &&
	       !(hit->flags & ~(MEMRW_HIT_KERNEL | MEMRW_HIT_NO_VALUE)) &&
	       hit->nr_callers <= MEMRW_HIT_CALLERS && hit->nr_registers <= MEMRW_HIT_REGISTERS;
}

/* Those that are where only the call has written. */
static void check_hits(struct run *run, const struct run_watch *watch, uint64_t at, long length)
{
	const struct zone *zone = &caller_zones[ZONE_BUFFER];
	struct memrw_watch_hit hit;

	if (length % watch->hit_size)
		run_fail(run, "hits: %ld bytes are no hits", length);
	if (at < zone->start || at + length > zone->start + zone->length)
		return;
	for (; length > 0; at += watch->hit_size, length -= watch->hit_size) {
		memcpy(&hit, (void *)(uintptr_t)at, sizeof(hit));
		if (!is_possible(&hit))
			run_fail(run, "hits: one that cannot be: kind %u, flags %#x, tid %d",
				 hit.kind, hit.flags, hit.tid);
	}
}

long call_hits(struct run *run, const uint64_t *args)
{
	const struct run_watch *watch = watch_of(run, args[0]);
	long got;

	guard_allow(args[1], args[2]);
	got = errno_of(read(watch->fd, (void *)(uintptr_t)args[1], args[2]));
	if (got > 0 && (uint64_t)got > args[2])
		run_fail(run, "hits: %ld bytes of %llu", got, (unsigned long long)args[2]);
	else if (got > 0)
		check_hits(run, watch, args[1], got);
	return got;
}

long call_poll(struct run *run, const uint64_t *args)
{
	struct pollfd ready = { .fd = watch_of(run, args[0])->fd, .events = args[1] };
	long ret = errno_of(poll(&ready, 1, 0));

	if (ready.revents & ~(POLLIN | POLLRDNORM | POLLHUP))
		run_fail(run, "poll: %#x", ready.revents);
	return ret;
}

long call_status(struct run *run, const uint64_t *args)
{
	int fd = watch_of(run, args[0])->fd;

	fcntl(fd, F_SETOWN, getpid());
	return errno_of(fcntl(fd, F_SETFL, args[1] | O_NONBLOCK));
}

long call_close_watch(struct run *run, const uint64_t *args)
{
	struct run_watch *watch = watch_of(run, args[0]);
	long ret = errno_of(close(watch->fd));

	watch->fd = -1;
	return ret;
}

static bool is_in_zones(uint64_t address)
{
	for (unsigned int i = 0; i < TARGET_ZONES; i++)
		if (address >= target_zones[i].start &&
		    address <= target_zones[i].start + target_zones[i].length - sizeof(uint64_t))
			return true;
	return false;
}

long call_access(struct run *run, const uint64_t *args)
{
	if (!is_in_zones(args[1]))
		return -EFAULT;
	if (args[0] == PID_SELF)
		return cast_do_access(args[2], args[1]);
	if (!run->forked)
		cast_access(args[2], args[1]);
	return 0;
}

void watches_close(struct run *run)
{
	for (unsigned int i = 0; i < RUN_WATCHES; i++)
		close_watch(&run->watches[i]);
}
