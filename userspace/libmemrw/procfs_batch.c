// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Batches of the procfs backend.
 *
 * process_vm_readv(2) reads many segments in one call, where a transfer of this
 * backend takes several, and it obeys page protection.  It reads what the
 * process has for memory now, which need not be what was bound: so what it
 * brought counts only if the memory bound is still the process's afterwards.
 * It ends at the first byte that it cannot read; that segment is a transfer of
 * its own.  A write could not be taken back: there is nothing like it.
 */
#include "procfs.h"

#include <sys/param.h>
#include <sys/uio.h>

/* Few enough for the stack; enough to make the call cheap. */
#define TOGETHER 256

/*
 * After so many calls in a row that brought nothing, as many segments as
 * SKIPPED are transfers of their own before the next try.
 */
#define IN_VAIN	2
#define SKIPPED 64

/* No process has memory in the upper half, but the kernel has something there. */
static bool is_within_reach(const struct memrw_target_segment *segment)
{
	const uint64_t limit = MIN((uint64_t)INT64_MAX, UINTPTR_MAX);

	return segment->address <= limit &&
	       segment->length <= limit - segment->address;
}

static size_t list_segments(const struct memrw_target_segment *segments,
			    size_t count, struct iovec *local,
			    struct iovec *remote)
{
	size_t i;

	for (i = 0; i < MIN(count, TOGETHER) && is_within_reach(&segments[i]); i++) {
		local[i].iov_base = segments[i].buffer;
		local[i].iov_len = segments[i].length;
		remote[i].iov_base = (void *)(uintptr_t)segments[i].address;
		remote[i].iov_len = segments[i].length;
	}
	return i;
}

/* The segments that @got bytes are all of. */
static size_t account(struct memrw_target_segment *segments, size_t count, size_t got)
{
	size_t i;

	for (i = 0; i < count && segments[i].length <= got; i++) {
		segments[i].result = segments[i].length;
		got -= segments[i].length;
	}
	return i;
}

/* How many segments are done; fewer than @count also where one cannot be. */
static size_t read_together(const struct procfs *p,
			    struct memrw_target_segment *segments, size_t count)
{
	struct iovec local[TOGETHER], remote[TOGETHER];
	size_t nr;
	ssize_t got;

	nr = list_segments(segments, count, local, remote);
	if (!nr)
		return 0;
	got = process_vm_readv(p->pid, local, nr, remote, nr, 0);
	if (got <= 0 || mrw_procfs_confirm(p) < 0)
		return 0;
	return account(segments, nr, got);
}

static int read_alone(struct procfs *p, struct memrw_target_segment *segment,
		      unsigned int flags)
{
	ssize_t moved = 0;

	if (segment->length)
		moved = mrw_procfs_read(p, segment->address, segment->buffer,
					segment->length, flags);
	return mrw_segment_settle(segment, moved);
}

ssize_t mrw_procfs_readv(struct procfs *p, struct memrw_target_segment *segments,
			 size_t count, unsigned int flags)
{
	/* The number of a thread can be another's after it has ended. */
	bool together = !flags && !p->is_thread;
	size_t done = 0, did, in_vain = 0;

	while (done < count) {
		did = 0;
		if (together && in_vain < IN_VAIN)
			did = read_together(p, segments + done, count - done);
		in_vain = did ? 0 : (in_vain + 1) % (IN_VAIN + SKIPPED);
		done += did;
		if (done == count)
			break;
		if (read_alone(p, &segments[done], flags) < 0)
			return done ? (ssize_t)done : -1;
		done++;
	}
	return done;
}
