/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a watch of the procfs backend is made of: events of perf_event_open(2), one for
 * each thread on each processor, and a ring for each processor, into which the kernel
 * puts a record of what has happened.
 */
#ifndef MEMRW_PROCFS_WATCH_H
#define MEMRW_PROCFS_WATCH_H

#include "procfs.h"

#include <linux/perf_event.h>

/*
 * Events
 */

/* What to open; it does not count before it is enabled. */
void mrw_event_describe(struct perf_event_attr *attr, uint64_t address, size_t length,
			enum memrw_watch_kind kind);

/*
 * Open it for a thread on a processor.  What an older kernel does not know is taken out
 * of @attr.  EPERM, EIO (no address of a program's), ESRCH, ENOSPC, EMFILE, ...
 */
int mrw_event_open(struct perf_event_attr *attr, pid_t tid, int cpu);

/* How often all of @count of them have happened, in a ring or not. */
uint64_t mrw_event_sum(const int *events, size_t count);

/*
 * Rings
 */

/* What the record of a hit has at most, by what mrw_event_describe() asks for. */
#define MRW_RECORD_WORDS	64

/*
 * struct mrw_record - what a ring has for each thing that happened
 * @type: PERF_RECORD_*
 * @misc: PERF_RECORD_MISC_*
 * @count: of @words
 */
struct mrw_record {
	uint32_t type;
	uint16_t misc;
	size_t count;
	uint64_t words[MRW_RECORD_WORDS];
};

/*
 * struct mrw_ring
 * @page: what the kernel and the reader tell each other
 * @data: the records; @size bytes, a power of two
 * @has_next: there is a hit, taken out of the ring, but not handed out
 * @next: that
 */
struct mrw_ring {
	struct perf_event_mmap_page *page;
	const char *data;
	size_t size;
	bool has_next;
	struct memrw_hit next;
};

/* Map that of an event, with room for @hits; EAGAIN: more than the caller may have. */
int mrw_ring_map(struct mrw_ring *ring, int event, size_t hits);
void mrw_ring_unmap(struct mrw_ring *ring);

/* Take the oldest record out of it. */
bool mrw_ring_take(struct mrw_ring *ring, struct mrw_record *record);

/*
 * Samples: the records of hits
 */

/* PERF_SAMPLE_*, and of the registers those that the kernel has for any thread. */
uint64_t mrw_sample_type(void);
uint64_t mrw_sample_registers(void);

/* The process is stored, too. */
void mrw_sample_parse(const struct mrw_record *record, struct memrw_hit *hit, pid_t *pid);

/*
 * Filters
 */

/* How many instructions MEMRW_WATCH_ONCE_PER_IP knows, as on the driver. */
#define MRW_IPS_KNOWN	512

/*
 * struct mrw_watch_filter - a struct memrw_watch_filter, and what has come by
 * @wanted: what was asked for
 * @matched: how many have been what was wanted, to count to @every
 * @passed: how many of those were handed out, to count to @limit
 * @ips: @nr_ips instructions that have hit
 */
struct mrw_watch_filter {
	struct memrw_watch_filter wanted;
	uint64_t matched;
	uint64_t passed;
	size_t nr_ips;
	uint64_t ips[MRW_IPS_KNOWN];
};

/* Is a hit to be handed out? */
bool mrw_watch_filter_pass(struct mrw_watch_filter *filter, uint64_t ip);

/* Has the last one been? */
bool mrw_watch_filter_is_spent(const struct mrw_watch_filter *filter);

/*
 * Where to watch
 */

struct mrw_numbers {
	int *values;
	size_t count;
};

/* The processors and threads that there are; @numbers is to be freed in any case. */
int mrw_list_processors(struct mrw_numbers *cpus);
int mrw_list_threads(struct mrw_numbers *tids, const struct procfs *p);

/*
 * Watches
 */

/*
 * struct mrw_processor - one that threads run on
 * @cpu: its number
 * @leader: the event whose ring it is that the others share; -1 if there is none yet
 * @ring: its hits
 */
struct mrw_processor {
	int cpu;
	int leader;
	struct mrw_ring ring;
};

/*
 * struct mrw_procfs_watch
 * @watch: must be first; its fd is an epoll instance of the leaders, of the pidfd of
 *	@process, and of @more
 * @process: what is watched, as long as the target may have been closed
 * @pid: of that
 * @attr: the events
 * @execed: when it has run another program, as a record has told, or INT64_MAX
 * @more: an eventfd: the next memrw_watch_read() has something although no ring tells
 * @has_more: is it set?
 * @seen: hits that have come out of the rings
 * @lost: hits that the rings had no room for, as their records tell, and were not told of
 * @told: those that were
 */
struct mrw_procfs_watch {
	struct memrw_watch watch;
	struct procfs process;
	pid_t pid;
	struct perf_event_attr attr;
	struct mrw_watch_filter filter;
	struct mrw_processor *processors;
	size_t nr_processors;
	int *events;
	size_t nr_events;
	int64_t execed;
	int more;
	bool has_more;
	uint64_t seen;
	uint64_t lost;
	uint64_t told;
};

ssize_t mrw_procfs_watch_read(struct memrw_watch *watch, struct memrw_hit *hits,
			      size_t count);

/* There will be no more hits. */
void mrw_procfs_watch_stop(struct mrw_procfs_watch *w);

#endif
