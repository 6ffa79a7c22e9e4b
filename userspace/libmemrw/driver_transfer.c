// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Transfers, batches and atomic operations of the driver backend.
 *
 * A transfer without flags goes by pread(2) or pwrite(2) on the node, which
 * cost some hundred instructions less than an ioctl.
 */
#include "driver.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A flag that the driver does not have is refused by it as a bad one. */
static int check_flags(const struct driver *d, unsigned int flags)
{
	if ((flags & MEMRW_FORCE && !(d->info.features & MEMRW_FEATURE_FORCE)) ||
	    (flags & MEMRW_NO_POPULATE &&
	     !(d->info.features & MEMRW_FEATURE_NO_POPULATE))) {
		errno = ENOTSUP;
		return -1;
	}
	return 0;
}

/*
 * One transfer
 */

/* pread(2) takes no offset of the upper half, where no process has memory. */
static bool is_plain(uint64_t address, unsigned int flags)
{
	return !flags && address <= INT64_MAX;
}

/*
 * May the kernel have refused a call before it asked the driver, whose errors
 * differ?  Such as EFAULT for a buffer of which only the end is bad, where the
 * driver fills the rest, or says ESRCH.  Nothing was moved then.
 */
static bool is_in_doubt(ssize_t moved)
{
	return moved < 0 && (errno == EFAULT || errno == EINVAL ||
			     errno == EOVERFLOW || errno == EBADF);
}

static ssize_t transfer(const struct driver *d, unsigned long command,
			uint64_t address, const void *buffer, size_t length,
			unsigned int flags)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.flags = flags,
		.address = address,
		.buffer = (uintptr_t)buffer,
		.length = length,
	};

	if (check_flags(d, flags) < 0 || ioctl(d->fd, command, &transfer) < 0)
		return -1;
	return transfer.done;
}

ssize_t mrw_driver_read(struct mrw_binding *binding, uint64_t address,
			void *buffer, size_t length, unsigned int flags)
{
	const struct driver *d = mrw_to_driver(binding);
	ssize_t moved;

	if (is_plain(address, flags)) {
		moved = pread(d->fd, buffer, length, address);
		if (!is_in_doubt(moved))
			return moved;
	}
	return transfer(d, MEMRW_IOC_READ, address, buffer, length, flags);
}

ssize_t mrw_driver_write(struct mrw_binding *binding, uint64_t address,
			 const void *buffer, size_t length, unsigned int flags)
{
	const struct driver *d = mrw_to_driver(binding);
	ssize_t moved;

	if (is_plain(address, flags)) {
		moved = pwrite(d->fd, buffer, length, address);
		if (!is_in_doubt(moved))
			return moved;
	}
	return transfer(d, MEMRW_IOC_WRITE, address, buffer, length, flags);
}

/*
 * Many
 */

static ssize_t run_batch(const struct driver *d, unsigned long command,
			 const void *segments, size_t count, unsigned int flags)
{
	struct memrw_batch batch = {
		.size = sizeof(batch),
		.flags = flags,
		.segments = (uintptr_t)segments,
		.count = count,
	};

	if (ioctl(d->fd, command, &batch) < 0)
		return -1;
	return batch.done;
}

static ssize_t copy_batch(const struct driver *d, unsigned long command,
			  struct memrw_target_segment *segments, size_t count,
			  unsigned int flags)
{
	struct memrw_segment copies[MRW_SEGMENTS_COPIED];
	ssize_t done, i;
	size_t nr;

	for (nr = 0; nr < count; nr++)
		copies[nr] = (struct memrw_segment){
			.address = segments[nr].address,
			.buffer = (uintptr_t)segments[nr].buffer,
			.length = segments[nr].length,
		};
	done = run_batch(d, command, copies, count, flags);
	for (i = 0; i < done; i++)
		segments[i].result = copies[i].result;
	return done;
}

static ssize_t do_batch(const struct driver *d, unsigned long command,
			struct memrw_target_segment *segments, size_t count,
			unsigned int flags)
{
	if (check_flags(d, flags) < 0)
		return -1;
	if (MRW_SEGMENTS_ALIKE)
		return run_batch(d, command, segments, count, flags);
	return copy_batch(d, command, segments, count, flags);
}

ssize_t mrw_driver_readv(struct mrw_binding *binding,
			 struct memrw_target_segment *segments, size_t count,
			 unsigned int flags)
{
	return do_batch(mrw_to_driver(binding), MEMRW_IOC_READV, segments, count,
			flags);
}

ssize_t mrw_driver_writev(struct mrw_binding *binding,
			  struct memrw_target_segment *segments, size_t count,
			  unsigned int flags)
{
	return do_batch(mrw_to_driver(binding), MEMRW_IOC_WRITEV, segments, count,
			flags);
}

/*
 * Atomic operations, whose numbers are the driver's
 */

_Static_assert((int)MEMRW_OP_LOAD == MEMRW_ATOMIC_LOAD &&
	       (int)MEMRW_OP_STORE == MEMRW_ATOMIC_STORE &&
	       (int)MEMRW_OP_EXCHANGE == MEMRW_ATOMIC_EXCHANGE &&
	       (int)MEMRW_OP_ADD == MEMRW_ATOMIC_ADD &&
	       (int)MEMRW_OP_COMPARE_EXCHANGE == MEMRW_ATOMIC_COMPARE_EXCHANGE,
	       "the operations of the library are those of the driver");

int mrw_driver_atomic(struct mrw_binding *binding, enum memrw_op op,
		      struct memrw_target_word *word, unsigned int flags)
{
	const struct driver *d = mrw_to_driver(binding);
	struct memrw_atomic atomic = {
		.size = sizeof(atomic),
		.flags = flags,
		.address = word->address,
		.op = op,
		.width = word->width,
		.operand = op == MEMRW_OP_LOAD ? 0 : word->operand,
		.expected = op == MEMRW_OP_COMPARE_EXCHANGE ? word->expected : 0,
	};

	if (!(d->info.features & MEMRW_FEATURE_ATOMIC)) {
		errno = ENOTSUP;
		return -1;
	}
	if (check_flags(d, flags) < 0 ||
	    ioctl(d->fd, MEMRW_IOC_ATOMIC, &atomic) < 0)
		return -1;
	word->old = atomic.old;
	return 0;
}
