// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Transfers of the procfs backend.
 *
 * All bytes move through /proc/PID/mem, because its descriptor stays with the
 * address space that it was opened for: after execve(2) it reads nothing,
 * where process_vm_readv(2) would go on with the new program.  But it also
 * ignores page protection, always.  So protection is asked for beforehand:
 * whether the process may read by process_vm_readv() of a byte of each page,
 * whether it may write by /proc/PID/maps, since no call tells that without
 * writing.
 */
#include "pages.h"
#include "procfs.h"
#include "region_kind.h"

#include <errno.h>
#include <unistd.h>

static ssize_t no_access(void)
{
	errno = EIO;
	return -1;
}

/* /proc/PID/mem, maps and pagemap are at their end when the memory is gone. */
static ssize_t check_gone(const struct procfs *p, ssize_t moved)
{
	if (moved)
		return moved;
	errno = mrw_procfs_gone(p);
	return -1;
}

/*
 * Moving bytes, whatever the protection
 */

/*
 * The kernel forgets what it has moved when the caller's buffer turns out to
 * be bad half-way.  Pieces that end with the buffer's pages keep count; they
 * also end with the target's, so that each moves whole or not at all.
 */
static size_t piece_length(uint64_t address, const void *buffer, size_t rest)
{
	size_t in_buffer = mrw_page_rest((uintptr_t)buffer);
	size_t in_target = mrw_page_rest(address);
	size_t piece = in_buffer < in_target ? in_buffer : in_target;

	return rest < piece ? rest : piece;
}

static ssize_t read_pieces(const struct procfs *p, uint64_t address,
			   void *buffer, size_t length)
{
	size_t done = 0, piece;
	ssize_t moved;

	while (done < length) {
		piece = piece_length(address + done,
				     mrw_buffer_at(buffer, done), length - done);
		moved = pread(p->mem, mrw_buffer_at(buffer, done), piece,
			      address + done);
		moved = check_gone(p, moved);
		if (moved < 0)
			return done ? (ssize_t)done : -1;
		done += moved;
	}
	return done;
}

static ssize_t read_memory(const struct procfs *p, uint64_t address,
			   void *buffer, size_t length)
{
	ssize_t moved = pread(p->mem, buffer, length, address);

	if (moved < 0 && errno == EFAULT)
		return read_pieces(p, address, buffer, length);
	return check_gone(p, moved);
}

/* In pieces from the first: to write twice is not the same as once. */
static ssize_t write_memory(const struct procfs *p, uint64_t address,
			    const void *buffer, size_t length)
{
	size_t done = 0, piece;
	ssize_t moved;

	while (done < length) {
		piece = piece_length(address + done,
				     mrw_buffer_at(buffer, done), length - done);
		moved = pwrite(p->mem, mrw_buffer_at(buffer, done), piece,
			       address + done);
		moved = check_gone(p, moved);
		if (moved < 0)
			return done ? (ssize_t)done : -1;
		done += moved;
	}
	return done;
}

/*
 * What may be moved
 */

/* How many bytes from @address on are mapped with just @wanted of @mask. */
static ssize_t mapped_length(struct procfs *p, uint64_t address, size_t length,
			     uint32_t mask, uint32_t wanted)
{
	uint64_t reached = address, end = address + length;
	struct mrw_snapshot snapshot;
	struct memrw_region region;
	int ret;

	ret = mrw_snapshot_take(&snapshot, &p->maps);
	if (ret <= 0)
		return check_gone(p, ret);

	while (reached < end && mrw_snapshot_seek(&snapshot, reached, &region) &&
	       region.start <= reached && (region.properties & mask) == wanted)
		reached = region.end;
	mrw_snapshot_drop(&snapshot);
	return reached < end ? reached - address : length;
}

static ssize_t readable_length(struct procfs *p, uint64_t address, size_t length)
{
	ssize_t readable = mrw_pages_probe(p->pid, address, length);

	if (readable >= 0)
		return readable;
	/* A bind lasts, even where ptrace's rules would refuse it by now. */
	return mapped_length(p, address, length, MEMRW_REGION_READ,
			     MEMRW_REGION_READ);
}

/*
 * How many bytes from @address on may be moved, until what may be done there
 * is another or @length is reached; 0 if none.
 *
 * Memory that is mapped for reading, and yet cannot be read, is a device's.
 * That is not moved with MEMRW_FORCE either.
 */
static ssize_t allowed_length(struct procfs *p, uint64_t address, size_t length,
			      bool write, bool force)
{
	const uint32_t r = MEMRW_REGION_READ, w = MEMRW_REGION_WRITE;
	ssize_t readable;

	readable = readable_length(p, address, length);
	if (readable < 0)
		return -1;
	if (readable && write && !force)
		return mapped_length(p, address, readable, w, w);
	if (readable)
		return readable;
	if (force)
		return mapped_length(p, address, length, r, 0);
	return write ? mapped_length(p, address, length, r | w, w) : 0;
}

/*
 * It is the process of now that was asked, whose memory may be another's after
 * an execve(): then that is why.
 */
static ssize_t not_allowed(const struct procfs *p)
{
	return mrw_procfs_confirm(p) < 0 ? -1 : no_access();
}

/* The part of a transfer that may be moved at once; 0 never. */
static ssize_t next_length(struct procfs *p, uint64_t address, size_t length,
			   bool write, unsigned int flags)
{
	ssize_t allowed;

	allowed = allowed_length(p, address, mrw_pages_window(address, length),
				 write, flags & MEMRW_FORCE);
	return allowed ? allowed : not_allowed(p);
}

static ssize_t read_allowed(struct procfs *p, uint64_t address, void *buffer,
			    size_t length, unsigned int flags)
{
	ssize_t allowed, moved = 0;
	size_t done = 0;

	while (done < length) {
		allowed = next_length(p, address + done, length - done, false,
				      flags);
		if (allowed < 0)
			break;
		moved = read_memory(p, address + done,
				    mrw_buffer_at(buffer, done), allowed);
		if (moved > 0)
			done += moved;
		if (moved < allowed)
			break;
	}
	return done ? (ssize_t)done : -1;
}

static ssize_t write_allowed(struct procfs *p, uint64_t address,
			     const void *buffer, size_t length,
			     unsigned int flags)
{
	ssize_t allowed, moved = 0;
	size_t done = 0;

	while (done < length) {
		allowed = next_length(p, address + done, length - done, true,
				      flags);
		if (allowed < 0)
			break;
		moved = write_memory(p, address + done,
				     mrw_buffer_at(buffer, done), allowed);
		if (moved > 0)
			done += moved;
		if (moved < allowed)
			break;
	}
	return done ? (ssize_t)done : -1;
}

/*
 * MEMRW_NO_POPULATE
 *
 * A page that the target populates after it was found absent here is shown as
 * the zeros that it was; one that it gives up after it was found present is
 * populated again.
 */

static ssize_t read_absent(const struct memrw_region *region, void *buffer,
			   size_t length, unsigned int flags)
{
	if (!(region->properties & MEMRW_REGION_READ) && !(flags & MEMRW_FORCE))
		return no_access();
	return mrw_pages_zero(buffer, length);
}

static ssize_t read_run(struct procfs *p, const struct memrw_region *region,
			uint64_t address, void *buffer, size_t length,
			unsigned int flags)
{
	struct mrw_run run;

	if (mrw_pages_run(p->pagemap, address, length, &run) < 0)
		return -1;
	if (!run.length)
		return check_gone(p, 0);
	if (run.present)
		return read_allowed(p, address, buffer, run.length, flags);
	return read_absent(region, buffer, run.length, flags);
}

static ssize_t read_part(struct procfs *p, const struct memrw_region *region,
			 uint64_t address, void *buffer, size_t length,
			 unsigned int flags)
{
	if (region->start > address)
		return no_access();
	if (length > region->end - address)
		length = region->end - address;
	if (mrw_region_is_anonymous(region))
		return read_run(p, region, address, buffer, length, flags);
	return read_allowed(p, address, buffer, length, flags);
}

static ssize_t read_parts(struct procfs *p, struct mrw_snapshot *snapshot,
			  uint64_t address, void *buffer, size_t length,
			  unsigned int flags)
{
	struct memrw_region region = { 0 };
	size_t done = 0;
	ssize_t moved;

	while (done < length) {
		if (region.end <= address + done &&
		    !mrw_snapshot_seek(snapshot, address + done, &region))
			moved = no_access();
		else
			moved = read_part(p, &region, address + done,
					  mrw_buffer_at(buffer, done),
					  length - done, flags);
		if (moved < 0)
			return done ? (ssize_t)done : -1;
		done += moved;
	}
	return done;
}

static ssize_t read_unpopulated(struct procfs *p, uint64_t address,
				void *buffer, size_t length, unsigned int flags)
{
	struct mrw_snapshot snapshot;
	ssize_t moved;
	int ret;

	if (p->pagemap < 0) {
		errno = ENOTSUP;
		return -1;
	}

	ret = mrw_snapshot_take(&snapshot, &p->maps);
	if (ret <= 0)
		return check_gone(p, ret);
	moved = read_parts(p, &snapshot, address, buffer, length, flags);
	mrw_snapshot_drop(&snapshot);
	return moved;
}

/*
 * From the table of functions
 */

/* No process has memory in the upper half, and no offset of a file is there. */
static int check_range(const struct procfs *p, uint64_t address, size_t *length)
{
	if (mrw_procfs_confirm(p) < 0)
		return -1;
	if (address > INT64_MAX)
		return no_access();
	if (*length > INT64_MAX - address)
		*length = INT64_MAX - address;
	return *length ? 0 : no_access();
}

ssize_t mrw_procfs_read(struct procfs *p, uint64_t address, void *buffer,
			size_t length, unsigned int flags)
{
	if (check_range(p, address, &length) < 0)
		return -1;
	if (flags & MEMRW_NO_POPULATE)
		return read_unpopulated(p, address, buffer, length, flags);
	return read_allowed(p, address, buffer, length, flags);
}

ssize_t mrw_procfs_write(struct procfs *p, uint64_t address, const void *buffer,
			 size_t length, unsigned int flags)
{
	if (check_range(p, address, &length) < 0)
		return -1;
	return write_allowed(p, address, buffer, length, flags);
}
