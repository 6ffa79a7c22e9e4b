/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the driver backend share. */
#ifndef MEMRW_DRIVER_H
#define MEMRW_DRIVER_H

#include "backend.h"

#include <linux/memrw.h>

/*
 * struct driver - a session
 * @binding: must be first
 * @fd: of the node
 * @pidfd: the target's
 * @pagemap: the target's in procfs; below -1 until somebody wants it, -1 if
 *	it cannot be had
 * @info: what the driver told of itself
 */
struct driver {
	struct mrw_binding binding;
	int fd;
	int pidfd;
	int pagemap;
	struct memrw_info info;
};

static inline struct driver *mrw_to_driver(struct mrw_binding *binding)
{
	return (struct driver *)binding;
}

/*
 * GET_INFO of an open node; ENXIO if what is behind it does not speak the ABI
 * that this library was written for.
 */
int mrw_driver_info(int fd, struct memrw_info *info);

/*
 * The library's segments are the driver's where pointers have 64 bits.  Where
 * not, they are copied, a few at a time.
 */
#define MRW_SEGMENTS_ALIKE \
	(sizeof(struct memrw_target_segment) == sizeof(struct memrw_segment))
#define MRW_SEGMENTS_COPIED 64
#define MRW_DRIVER_BATCH_MAX \
	(MRW_SEGMENTS_ALIKE ? UINT32_MAX : MRW_SEGMENTS_COPIED)

/* Of the table of functions. */
ssize_t mrw_driver_read(struct mrw_binding *binding, uint64_t address,
			void *buffer, size_t length, unsigned int flags);
ssize_t mrw_driver_write(struct mrw_binding *binding, uint64_t address,
			 const void *buffer, size_t length, unsigned int flags);
ssize_t mrw_driver_readv(struct mrw_binding *binding,
			 struct memrw_target_segment *segments, size_t count,
			 unsigned int flags);
ssize_t mrw_driver_writev(struct mrw_binding *binding,
			  struct memrw_target_segment *segments, size_t count,
			  unsigned int flags);
int mrw_driver_atomic(struct mrw_binding *binding, enum memrw_op op,
		      struct memrw_target_word *word, unsigned int flags);
void *mrw_driver_window_map(struct mrw_binding *binding, uint64_t address,
			    size_t length, bool write);
ssize_t mrw_driver_window_sync(struct mrw_binding *binding, const void *window,
			       size_t length, uint64_t *bitmap, unsigned int flags);
struct memrw_watch *mrw_driver_watch_open(struct mrw_binding *binding, uint64_t address,
					  size_t length, enum memrw_watch_kind kind,
					  const struct memrw_watch_filter *filter);

#endif
