// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading a watch of the procfs backend. */
#include "procfs_watch.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

/* What one memrw_watch_read() looks at, for it is to return where no hit is wanted. */
#define HITS_LOOKED_AT	65536

/*
 * Looking into the rings
 */

/* A hit of the target, not of a process that it has started. */
static bool take_sample(struct mrw_procfs_watch *w, struct mrw_ring *ring,
			const struct mrw_record *record)
{
	pid_t pid;

	mrw_sample_parse(record, &ring->next, &pid);
	w->seen++;
	return pid == w->pid;
}

/* Its first word is the process; its last one, the time. */
static void take_comm(struct mrw_procfs_watch *w, const struct mrw_record *record)
{
	uint32_t pid;

	memcpy(&pid, record->words, sizeof(pid));
	if (record->misc & PERF_RECORD_MISC_COMM_EXEC && (pid_t)pid == w->pid)
		w->execed = (int64_t)record->words[record->count - 1];
}

static void take_record(struct mrw_procfs_watch *w, struct mrw_ring *ring,
			const struct mrw_record *record)
{
	switch (record->type) {
	case PERF_RECORD_SAMPLE:
		ring->has_next = take_sample(w, ring, record);
		break;
	case PERF_RECORD_LOST:
		/* Behind the event's id. */
		w->lost += record->words[1];
		break;
	case PERF_RECORD_COMM:
		take_comm(w, record);
		break;
	}
}

static bool has_next(struct mrw_procfs_watch *w, struct mrw_ring *ring)
{
	struct mrw_record record;

	while (!ring->has_next && mrw_ring_take(ring, &record))
		take_record(w, ring, &record);
	return ring->has_next;
}

/* The ring whose next hit is the oldest; NULL if there is no hit. */
static struct mrw_ring *find_oldest(struct mrw_procfs_watch *w)
{
	struct mrw_ring *oldest = NULL, *ring;
	size_t i;

	for (i = 0; i < w->nr_processors; i++) {
		ring = &w->processors[i].ring;
		if (ring->page && has_next(w, ring) &&
		    (!oldest || ring->next.time < oldest->next.time))
			oldest = ring;
	}
	return oldest;
}

/*
 * Reading
 */

static size_t take_hits(struct mrw_procfs_watch *w, struct memrw_hit *hits, size_t count)
{
	struct mrw_ring *ring;
	size_t got = 0, looked_at;

	for (looked_at = 0; looked_at < HITS_LOOKED_AT && got < count; looked_at++) {
		if (mrw_watch_filter_is_spent(&w->filter))
			break;
		ring = find_oldest(w);
		if (!ring)
			break;
		ring->has_next = false;
		if (ring->next.time > w->execed ||
		    !mrw_watch_filter_pass(&w->filter, ring->next.ip))
			continue;
		hits[got] = ring->next;
		hits[got++].lost = w->lost;
		w->told += w->lost;
		w->lost = 0;
	}
	return got;
}

/*
 * A ring tells what it has dropped when it has room again for something to come.  The
 * events have counted the last hits, too, but on an older kernel others', as well.
 */
static uint64_t lost_at_last(const struct mrw_procfs_watch *w)
{
	uint64_t sum, known = w->seen + w->told;

	if (!w->attr.inherit_thread)
		return w->lost;
	sum = mrw_event_sum(w->events, w->nr_events);
	return sum > known ? sum - known : 0;
}

static void end(struct mrw_procfs_watch *w, enum memrw_watch_ending ending)
{
	w->watch.ending = ending;
	/* After the last one that was asked for, none is missed. */
	w->watch.lost = ending == MEMRW_ENDING_LIMIT ? 0 : lost_at_last(w);
	mrw_procfs_watch_stop(w);
}

/* What has become of the target; of its hits, some may still be in the rings. */
static enum memrw_watch_ending find_ending(const struct mrw_procfs_watch *w)
{
	if (!mrw_procfs_confirm(&w->process))
		return MEMRW_ENDING_NONE;
	return errno == ESTALE ? MEMRW_ENDING_EXECED : MEMRW_ENDING_EXITED;
}

/* poll(2) tells of what is in a ring only once, and what was told before is read now. */
static void forget_what_was_told(const struct mrw_procfs_watch *w)
{
	struct epoll_event events[64];
	const int room = sizeof(events) / sizeof(*events);

	while (epoll_wait(w->watch.fd, events, room, 0) == room)
		;
}

static void tell_of_more(struct mrw_procfs_watch *w)
{
	bool more = w->watch.ending != MEMRW_ENDING_NONE || find_oldest(w);
	eventfd_t value;

	if (more && !w->has_more)
		eventfd_write(w->more, 1);
	if (!more && w->has_more)
		eventfd_read(w->more, &value);
	w->has_more = more;
}

/* What came before it ended, or the ending. */
static size_t take_last_hits(struct mrw_procfs_watch *w, struct memrw_hit *hits, size_t count)
{
	enum memrw_watch_ending ending = find_ending(w);
	size_t got;

	if (ending == MEMRW_ENDING_NONE)
		return 0;
	got = take_hits(w, hits, count);
	if (!got && !find_oldest(w))
		end(w, ending);
	return got;
}

ssize_t mrw_procfs_watch_read(struct memrw_watch *watch, struct memrw_hit *hits,
			      size_t count)
{
	struct mrw_procfs_watch *w = (struct mrw_procfs_watch *)watch;
	size_t got;

	forget_what_was_told(w);
	got = take_hits(w, hits, count);
	if (!got)
		got = take_last_hits(w, hits, count);
	if (mrw_watch_filter_is_spent(&w->filter))
		end(w, MEMRW_ENDING_LIMIT);
	tell_of_more(w);
	if (got || watch->ending != MEMRW_ENDING_NONE)
		return got;
	errno = EAGAIN;
	return -1;
}
