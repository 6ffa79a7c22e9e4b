// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Batches: many transfers in one call, each with a result of its own.
 *
 * The best way is chosen here: segments go to the backend together where it
 * takes them so, and those that it does not take, one by one: a single one, or
 * one that is too long for a transfer of the backend.
 */
#include "backend.h"

#include <errno.h>
#include <sys/param.h>

int mrw_segment_settle(struct memrw_target_segment *segment, ssize_t moved)
{
	if (moved < 0 && errno != EIO && errno != EFAULT && errno != ENOMEM)
		return -1;
	segment->result = moved < 0 ? -errno : moved;
	return 0;
}

typedef ssize_t (*batch_fn)(struct mrw_binding *binding,
			    struct memrw_target_segment *segments, size_t count,
			    unsigned int flags);

/* How many of the segments the backend takes in one call. */
static size_t count_together(const struct mrw_binding *binding, batch_fn fn,
			     const struct memrw_target_segment *segments,
			     size_t count)
{
	size_t max = fn ? MIN(count, binding->batch_max) : 0, nr = 0;

	while (nr < max && segments[nr].length <= binding->transfer_max)
		nr++;
	return nr;
}

static ssize_t do_one(struct memrw_target *target, bool write,
		      struct memrw_target_segment *segment, unsigned int flags)
{
	ssize_t moved;

	if (write)
		moved = memrw_target_write(target, segment->address,
					   segment->buffer, segment->length,
					   flags);
	else
		moved = memrw_target_read(target, segment->address,
					  segment->buffer, segment->length,
					  flags);
	return mrw_segment_settle(segment, moved) < 0 ? -1 : 1;
}

static ssize_t do_batch(struct memrw_target *target, bool write,
			struct memrw_target_segment *segments, size_t count,
			unsigned int flags)
{
	struct mrw_binding *binding = mrw_target_binding(target);
	batch_fn fn = write ? binding->backend->writev : binding->backend->readv;
	size_t done = 0, nr = 0;
	ssize_t did = 0;

	if (mrw_target_check(target, flags, write) < 0)
		return -1;
	/* Less than it was asked: a signal that the caller may be waiting for. */
	for (; done < count && did == (ssize_t)nr; done += MAX(did, 0)) {
		nr = count_together(binding, fn, segments + done, count - done);
		if (nr > 1) {
			did = fn(binding, segments + done, nr, flags);
		} else {
			nr = 1;
			did = do_one(target, write, segments + done, flags);
		}
	}
	return done ? (ssize_t)done : did;
}

ssize_t memrw_target_readv(struct memrw_target *target,
			   struct memrw_target_segment *segments, size_t count,
			   unsigned int flags)
{
	return do_batch(target, false, segments, count, flags);
}

ssize_t memrw_target_writev(struct memrw_target *target,
			    struct memrw_target_segment *segments, size_t count,
			    unsigned int flags)
{
	return do_batch(target, true, segments, count, flags);
}
