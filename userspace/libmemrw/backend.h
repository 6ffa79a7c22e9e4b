/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of functions between the nouns of memrw.h and what carries them
 * out: driver.c and procfs.c.
 */
#ifndef MEMRW_BACKEND_H
#define MEMRW_BACKEND_H

#include "memrw.h"

#define MRW_COMM_LEN 16

struct mrw_backend;
struct mrw_run;
struct mrw_watch_ops;

/*
 * struct mrw_binding - one target as its backend knows it; the first member
 *	of the backend's own struct
 * @backend: what the binding belongs to
 * @transfer_max: the most bytes that one call of read or write moves
 * @batch_max: the most segments that one call of readv or writev does; 0 where
 *	it has neither
 * @comm: the process's name when it was bound
 */
struct mrw_binding {
	const struct mrw_backend *backend;
	size_t transfer_max;
	size_t batch_max;
	char comm[MRW_COMM_LEN];
};

/*
 * struct memrw_watch - a watch as its backend knows it; the first member of the
 *	backend's own struct, which keeps nothing of the binding, for the target may
 *	be closed before
 * @ops: what reads and closes it
 * @fd: as memrw_watch_fd()
 * @ending: why it has ended, set by the backend
 * @lost: hits that were dropped after the last one, set with @ending
 */
struct memrw_watch {
	const struct mrw_watch_ops *ops;
	int fd;
	enum memrw_watch_ending ending;
	uint64_t lost;
};

/*
 * struct mrw_watch_ops
 * @read: some hits, as memrw_watch_read(), but never waits; not called any more once
 *	there is an ending
 * @close: need not keep errno
 */
struct mrw_watch_ops {
	ssize_t (*read)(struct memrw_watch *watch, struct memrw_hit *hits, size_t count);
	void (*close)(struct memrw_watch *watch);
};

/*
 * struct mrw_backend - all functions: NULL or -1 with errno of the glossary
 *	in memrw.h
 * @open: bind the process of @pidfd, which @pid named when @pidfd was opened
 *	and which the caller keeps open until @close; the caller confirms
 *	afterwards that the process has not exited
 * @close: need not keep errno
 * @read: bytes from the start; @length is not 0 and at most transfer_max
 * @write: likewise; never called on a binding opened read-only
 * @readv: many reads; @count is above 0 and at most batch_max, and every length
 *	at most transfer_max; all of memrw_target_readv()'s results, and what it
 *	returns; NULL where one read after another is as good
 * @writev: likewise; never called on a binding opened read-only
 * @atomic: as memrw_target_atomic(), whose arguments were checked; NULL where
 *	that cannot be done
 * @window_map: @length bytes of the target from @address on, whole pages, mapped into
 *	the caller, who unmaps them with munmap(2); the function is NULL where there
 *	are no windows
 * @window_sync: as memrw_window_sync(), of @length bytes that it mapped at @window
 * @watch_open: as memrw_watch_open(), whose arguments were checked; @filter is not NULL
 * @pages: the run of pages alike that @address begins, within @length; a length
 *	of 0 where that cannot be known; NULL where it never can
 * @state: what became of the target
 * @walk_open: begin a walk over the regions
 * @walk_next: the region at or after @address; 1, or 0 if there is none, or
 *	-1; @region's name lives until the next call
 * @walk_close: end it
 *
 * read, write, readv, writev, atomic, window_map, window_sync, watch_open, pages and
 * state are called from several threads at once.
 */
struct mrw_backend {
	enum memrw_backend id;
	struct mrw_binding *(*open)(pid_t pid, int pidfd, bool read_only);
	void (*close)(struct mrw_binding *binding);
	ssize_t (*read)(struct mrw_binding *binding, uint64_t address,
			void *buffer, size_t length, unsigned int flags);
	ssize_t (*write)(struct mrw_binding *binding, uint64_t address,
			 const void *buffer, size_t length, unsigned int flags);
	ssize_t (*readv)(struct mrw_binding *binding,
			 struct memrw_target_segment *segments, size_t count,
			 unsigned int flags);
	ssize_t (*writev)(struct mrw_binding *binding,
			  struct memrw_target_segment *segments, size_t count,
			  unsigned int flags);
	int (*atomic)(struct mrw_binding *binding, enum memrw_op op,
		      struct memrw_target_word *word, unsigned int flags);
	void *(*window_map)(struct mrw_binding *binding, uint64_t address,
			    size_t length, bool write);
	ssize_t (*window_sync)(struct mrw_binding *binding, const void *window,
			       size_t length, uint64_t *bitmap, unsigned int flags);
	struct memrw_watch *(*watch_open)(struct mrw_binding *binding, uint64_t address,
					  size_t length, enum memrw_watch_kind kind,
					  const struct memrw_watch_filter *filter);
	int (*pages)(struct mrw_binding *binding, uint64_t address, size_t length,
		     struct mrw_run *run);
	int (*state)(struct mrw_binding *binding, enum memrw_state *state);
	void *(*walk_open)(struct mrw_binding *binding);
	int (*walk_next)(void *walk, uint64_t address,
			 struct memrw_region *region);
	void (*walk_close)(void *walk);
};

extern const struct mrw_backend mrw_driver;
extern const struct mrw_backend mrw_procfs;

/*
 * A place in the caller's buffer.  Whether there is a buffer is for the kernel
 * to find out, so this is not arithmetic within an object.
 */
static inline void *mrw_buffer_at(const void *buffer, size_t offset)
{
	return (void *)((uintptr_t)buffer + offset);
}

/* The binding of a target, for the other nouns. */
struct mrw_binding *mrw_target_binding(struct memrw_target *target);

/* May the caller ask for such a transfer?  EINVAL, EACCES. */
int mrw_target_check(const struct memrw_target *target, unsigned int flags,
		     bool write);

/*
 * What a read or write returned, with its errno, becomes the result of a
 * segment.  -1: it is no result, but what ends the batch before the segment.
 */
int mrw_segment_settle(struct memrw_target_segment *segment, ssize_t moved);

#endif
