// SPDX-License-Identifier: LGPL-2.1-or-later
/* Watches: hits of a hardware watchpoint or breakpoint on the target's threads. */
#include "backend.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#define CAPACITY_MAX	65536
#define FLAGS		(MEMRW_WATCH_CHANGED | MEMRW_WATCH_ONCE_PER_IP | MEMRW_WATCH_STOP | \
			 MEMRW_WATCH_SIGNED)

/*
 * Opening
 */

static bool is_place(uint64_t address, size_t length)
{
	switch (length) {
	case 1:
	case 2:
	case 4:
	case 8:
		return address % length == 0;
	}
	return false;
}

static bool tests_value(const struct memrw_watch_filter *filter)
{
	return filter->flags & MEMRW_WATCH_CHANGED || filter->test != MEMRW_WATCH_IF_ANY;
}

/* An instruction has an address, and no value. */
static bool is_kind(enum memrw_watch_kind kind, size_t length,
		    const struct memrw_watch_filter *filter)
{
	switch (kind) {
	case MEMRW_WATCH_WRITE:
	case MEMRW_WATCH_READ_WRITE:
		return true;
	case MEMRW_WATCH_EXECUTE:
		return length == 1 && !tests_value(filter);
	}
	return false;
}

static bool is_filter(const struct memrw_watch_filter *filter)
{
	return !(filter->flags & ~FLAGS) &&
	       (!(filter->flags & MEMRW_WATCH_SIGNED) ||
		filter->test == MEMRW_WATCH_IF_CROSS) &&
	       (unsigned int)filter->test <= MEMRW_WATCH_IF_CROSS &&
	       (filter->test != MEMRW_WATCH_IF_ANY || !filter->operand) &&
	       filter->ip_first <= filter->ip_last && filter->capacity <= CAPACITY_MAX;
}

struct memrw_watch *memrw_watch_open(struct memrw_target *target, uint64_t address,
				     size_t length, enum memrw_watch_kind kind,
				     const struct memrw_watch_filter *filter)
{
	struct mrw_binding *binding = mrw_target_binding(target);
	static const struct memrw_watch_filter all;

	if (!filter)
		filter = &all;
	if (!is_place(address, length) || !is_filter(filter) ||
	    !is_kind(kind, length, filter)) {
		errno = EINVAL;
		return NULL;
	}
	if (mrw_target_check(target, 0, filter->flags & MEMRW_WATCH_STOP) < 0)
		return NULL;
	if (!binding->backend->watch_open) {
		errno = ENOTSUP;
		return NULL;
	}
	return binding->backend->watch_open(binding, address, length, kind, filter);
}

void memrw_watch_close(struct memrw_watch *watch)
{
	int saved = errno;

	if (!watch)
		return;
	watch->ops->close(watch);
	errno = saved;
}

/*
 * Reading
 */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What poll(2) may wait until @deadline, of now_ms(); below 0 where there is none. */
static int time_left(int64_t deadline)
{
	int64_t left = deadline - now_ms();

	if (deadline < 0)
		return -1;
	return left > 0 ? (int)left : 0;
}

/* EAGAIN when the time is over, whatever there may be to read by then; EINTR. */
static int wait_until(const struct memrw_watch *watch, int64_t deadline)
{
	struct pollfd pfd = { .fd = watch->fd, .events = POLLIN };
	int left = time_left(deadline), ret;

	ret = left ? poll(&pfd, 1, left) : 0;
	if (!ret)
		errno = EAGAIN;
	return ret > 0 ? 0 : -1;
}

ssize_t memrw_watch_read(struct memrw_watch *watch, struct memrw_hit *hits,
			 size_t count, int timeout)
{
	/* The current millisecond is not a whole one. */
	int64_t deadline = timeout > 0 ? now_ms() + timeout + 1 : -1;
	ssize_t got;

	if (!count) {
		errno = EINVAL;
		return -1;
	}
	do {
		if (watch->ending != MEMRW_ENDING_NONE)
			return 0;
		got = watch->ops->read(watch, hits, count);
		if (got >= 0 || errno != EAGAIN || !timeout)
			return got;
		/* What woke it need not be a hit that was wanted. */
	} while (!wait_until(watch, deadline));
	return -1;
}

int memrw_watch_fd(const struct memrw_watch *watch)
{
	return watch->fd;
}

enum memrw_watch_ending memrw_watch_ending(const struct memrw_watch *watch,
					   uint64_t *lost)
{
	if (lost)
		*lost = watch->lost;
	return watch->ending;
}
