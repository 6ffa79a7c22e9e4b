// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Watches of the procfs backend, by perf_event_open(2).
 *
 * The kernel lets a thread's event be inherited and have a ring only for one processor,
 * so there is one for each thread on each.  The events of one processor share a ring.
 *
 * Which threads there are is asked once, before the first event is opened.  So none of
 * them has inherited one, and no hit comes twice.  A thread that is started later, by one
 * whose event is enabled by then, inherits that.  One that is started in between by one
 * whose event is not open yet has none: nothing tells it from one that has inherited.
 */
#include "pidfd.h"
#include "procfs_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * Four watches that have no more need no privilege: they are within perf_event_mlock_kb,
 * as that is by default, which is for all of a user's events on a processor.
 */
#define CAPACITY	128

/*
 * Closing
 */

void mrw_procfs_watch_stop(struct mrw_procfs_watch *w)
{
	size_t i;

	for (i = 0; i < w->nr_processors; i++)
		mrw_ring_unmap(&w->processors[i].ring);
	for (i = 0; i < w->nr_events; i++)
		close(w->events[i]);
	w->nr_events = 0;
}

static void procfs_watch_close(struct memrw_watch *watch)
{
	struct mrw_procfs_watch *w = (struct mrw_procfs_watch *)watch;

	mrw_procfs_watch_stop(w);
	if (w->more >= 0)
		close(w->more);
	if (watch->fd >= 0)
		close(watch->fd);
	mrw_procfs_let_go(&w->process);
	free(w->processors);
	free(w->events);
	free(w);
}

static const struct mrw_watch_ops ops = {
	.read = mrw_procfs_watch_read,
	.close = procfs_watch_close,
};

/*
 * Opening
 */

static int add_to_poll(const struct mrw_procfs_watch *w, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };

	return epoll_ctl(w->watch.fd, EPOLL_CTL_ADD, fd, &event);
}

/*
 * An event of a thread that has ended tells so for ever, though other threads may still
 * put something into its ring: only what is new is to wake anybody.
 */
static int lead(struct mrw_procfs_watch *w, struct mrw_processor *processor, int event)
{
	if (mrw_ring_map(&processor->ring, event, w->filter.wanted.capacity ?: CAPACITY) < 0)
		return -1;
	processor->leader = event;
	return add_to_poll(w, event, EPOLLIN | EPOLLET);
}

static int open_event(struct mrw_procfs_watch *w, pid_t tid, struct mrw_processor *processor)
{
	int event = mrw_event_open(&w->attr, tid, processor->cpu);

	if (event < 0)
		return -1;
	w->events[w->nr_events++] = event;
	if (processor->leader < 0)
		return lead(w, processor, event);
	return ioctl(event, PERF_EVENT_IOC_SET_OUTPUT, processor->leader);
}

/* One that has ended meanwhile needs none. */
static int open_thread(struct mrw_procfs_watch *w, pid_t tid)
{
	size_t i;

	for (i = 0; i < w->nr_processors; i++) {
		if (open_event(w, tid, &w->processors[i]) < 0)
			return errno == ESRCH ? 0 : -1;
	}
	return 0;
}

static int open_threads(struct mrw_procfs_watch *w, const struct mrw_numbers *tids)
{
	size_t i;

	w->events = calloc(tids->count * w->nr_processors, sizeof(*w->events));
	if (!w->events)
		return -1;
	for (i = 0; i < tids->count; i++) {
		if (open_thread(w, tids->values[i]) < 0)
			return -1;
	}
	if (!w->nr_events) {
		errno = ESRCH;
		return -1;
	}
	return 0;
}

static int open_processors(struct mrw_procfs_watch *w, const struct mrw_numbers *cpus)
{
	size_t i;

	w->processors = calloc(cpus->count, sizeof(*w->processors));
	if (!w->processors)
		return -1;
	w->nr_processors = cpus->count;
	for (i = 0; i < cpus->count; i++) {
		w->processors[i].cpu = cpus->values[i];
		w->processors[i].leader = -1;
	}
	return 0;
}

/* A hit that comes before there is a ring to put it into would be lost. */
static void enable(const struct mrw_procfs_watch *w)
{
	size_t i;

	for (i = 0; i < w->nr_events; i++)
		ioctl(w->events[i], PERF_EVENT_IOC_ENABLE, 0);
}

static int open_events(struct mrw_procfs_watch *w)
{
	struct mrw_numbers cpus = { 0 }, tids = { 0 };
	int ret = -1;

	if (!mrw_list_processors(&cpus) && !open_processors(w, &cpus) &&
	    !mrw_list_threads(&tids, &w->process))
		ret = open_threads(w, &tids);
	free(cpus.values);
	free(tids.values);
	return ret;
}

static int open_poll(struct mrw_procfs_watch *w)
{
	w->watch.fd = epoll_create1(EPOLL_CLOEXEC);
	w->more = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->watch.fd < 0 || w->more < 0)
		return -1;
	return add_to_poll(w, w->more, EPOLLIN) < 0 ? -1 :
		add_to_poll(w, w->process.pidfd, EPOLLIN);
}

/* If the target has the memory that was bound after it is watched, that is watched. */
static int start(struct mrw_procfs_watch *w)
{
	w->pid = mrw_pidfd_proc_pid(w->process.pidfd);
	if (w->pid < 0 || open_poll(w) < 0 || open_events(w) < 0)
		return -1;
	enable(w);
	return mrw_procfs_confirm(&w->process);
}

/* Numbers of threads in a /proc of another pid namespace are not the caller's. */
static bool has_own_proc(void)
{
	char link[16] = "";

	return readlink("/proc/self", link, sizeof(link) - 1) > 0 &&
	       atoi(link) == getpid();
}

/* The kernel does not tell of values here. */
static bool is_supported(const struct memrw_watch_filter *filter)
{
	return filter->test == MEMRW_WATCH_IF_ANY &&
	       !(filter->flags & (MEMRW_WATCH_CHANGED | MEMRW_WATCH_STOP));
}

struct memrw_watch *mrw_procfs_watch_open(const struct procfs *p, uint64_t address,
					  size_t length, enum memrw_watch_kind kind,
					  const struct memrw_watch_filter *filter)
{
	struct mrw_procfs_watch *w;

	if (!is_supported(filter) || !has_own_proc()) {
		errno = ENOTSUP;
		return NULL;
	}
	w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	if (mrw_procfs_keep(&w->process, p) < 0) {
		free(w);
		return NULL;
	}
	w->watch.ops = &ops;
	w->watch.fd = w->more = -1;
	w->filter.wanted = *filter;
	w->execed = INT64_MAX;
	mrw_event_describe(&w->attr, address, length, kind);
	if (start(w) < 0) {
		memrw_watch_close(&w->watch);
		return NULL;
	}
	return &w->watch;
}
