// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches: many segments in one call, each with a result of its own.
 *
 * Small segments of memory that a walk finds are gathered: a run of them costs
 * one lock of the target, and neighbours one lookup.  Their bytes go by way of
 * a buffer, for the caller's memory cannot be touched under that lock.  Any
 * other segment is a transfer of its own.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/linux/memrw.h>

#include "batch.h"
#include "compat.h"
#include "touch.h"
#include "transfer.h"
#include "walk.h"

/* Segments that are taken in at a time, at most: what they need fits in a page. */
#define PIECE	48

/* The most bytes of a segment that is gathered. */
#define SMALL	32

struct data {
	u8 bytes[SMALL] __aligned(sizeof(u64));
};

/*
 * struct batch - the work of one call
 * @mm: the target
 * @write: to the target
 * @flags: of the transfers
 * @gather: whether the order in which memory is touched makes no difference
 * @user: the caller's segments that are in @segments
 * @data: of those that are gathered, each at its index
 * @segments: the piece of the array that is being done
 */
struct batch {
	struct mm_struct *mm;
	bool write;
	bool gather;
	u32 flags;
	struct memrw_segment __user *user;
	struct data *data;
	struct memrw_segment segments[];
};

static bool is_small(const struct memrw_segment *segment)
{
	return segment->length - 1 < SMALL &&
	       offset_in_page(segment->address) + segment->length <= PAGE_SIZE;
}

/*
 * Where the small segments from @first on end.  Those that are to be written
 * have been taken from the caller, who may not have all of it: the one where
 * that is found out ends them, too.
 */
static unsigned int prepare(struct batch *b, unsigned int first, unsigned int nr)
{
	unsigned int i;

	for (i = first; i < nr; i++) {
		struct memrw_segment *segment = &b->segments[i];

		if (!is_small(segment))
			break;
		if (b->write && memrw_copy_in(&b->data[i], u64_to_user_ptr(segment->buffer),
					      segment->length))
			break;
	}
	return i;
}

/* Touch the memory of the segments from @first to @end: where it ends. */
static unsigned int touch(struct batch *b, unsigned int first, unsigned int end)
{
	struct memrw_walk walk __uninitialized;
	unsigned int i;

	if (mmap_read_lock_killable(b->mm))
		return first;
	memrw_walk_begin(&walk, b->mm, b->write);
	for (i = first; i < end; i++) {
		const struct memrw_segment *segment = &b->segments[i];
		void *memory;

		memory = memrw_walk_find(&walk, compat_untagged_addr(segment->address));
		if (!memory)
			break;
		if (b->write) {
			memrw_store(memory, segment->length, &b->data[i]);
			flush_dcache_page(virt_to_page(memory));
		} else {
			memrw_load(memory, segment->length, &b->data[i]);
		}
	}
	memrw_walk_leave(&walk);
	mmap_read_unlock(b->mm);
	return i;
}

static s64 finish(const struct batch *b, unsigned int i)
{
	const struct memrw_segment *segment = &b->segments[i];
	unsigned long left = 0;

	if (!b->write)
		left = memrw_copy_out(u64_to_user_ptr(segment->buffer), &b->data[i],
				      segment->length);
	return left == segment->length ? -EFAULT : segment->length - left;
}

/* The segments from @first on that can be: where they end. */
static unsigned int do_gathered(struct batch *b, unsigned int first, unsigned int nr)
{
	unsigned int end = touch(b, first, prepare(b, first, nr));
	unsigned int i;

	for (i = first; i < end; i++)
		b->segments[i].result = finish(b, i);
	return end;
}

static s64 do_alone(const struct batch *b, const struct memrw_segment *segment)
{
	return memrw_transfer(b->mm, segment->address, u64_to_user_ptr(segment->buffer),
			      segment->length, b->write, b->flags);
}

/*
 * The piece's segments: how many are done when they end, or a signal arrives;
 * at least one, unless that ended its wait.  Where two in a row could not be
 * gathered, the rest of the piece is not tried.
 */
static unsigned int do_piece(struct batch *b, unsigned int nr)
{
	unsigned int i = 0, in_vain = 0;

	do {
		if (b->gather && in_vain < 2) {
			unsigned int end = do_gathered(b, i, nr);

			in_vain = end == i ? in_vain + 1 : 0;
			i = end;
		}
		if (i == nr)
			break;
		b->segments[i].result = do_alone(b, &b->segments[i]);
		if (b->segments[i].result == -EINTR)
			break;
		i++;
		cond_resched();
	} while (i < nr && !signal_pending(current));
	return i;
}

/*
 * Take in the next segments, @nr at most: how many there are whose results can be
 * stored, too, which is to be known before anything is moved.  They lie on two
 * pages at most.
 */
static unsigned int copy_segments(struct batch *b, unsigned int nr)
{
	size_t size = sizeof(*b->user);

	nr = (nr * size - memrw_copy_in(b->segments, b->user, nr * size)) / size;
	if (nr && put_user(0, &b->user[0].result))
		return 0;
	while (nr && put_user(0, &b->user[nr - 1].result))
		nr--;
	return nr;
}

static bool copy_results(const struct batch *b, unsigned int nr)
{
	const struct memrw_segment *segment;
	struct memrw_segment __user *user = b->user;

	if (!user_write_access_begin(user, nr * sizeof(*user)))
		return false;
	for (segment = b->segments; segment < b->segments + nr; segment++)
		unsafe_put_user(segment->result, &user++->result, fault);
	user_write_access_end();
	return true;
fault:
	user_write_access_end();
	return false;
}

/* One piece after another: how many segments are done, or why none is. */
static ssize_t do_batch(struct batch *b, u32 count)
{
	ssize_t done = 0;

	while (done < count) {
		unsigned int nr = copy_segments(b, min_t(u32, count - done, PIECE)), did;

		if (!nr)
			return done ?: -EFAULT;
		did = do_piece(b, nr);
		if (!copy_results(b, did))
			return done ?: -EFAULT;
		done += did;
		if (did < nr || signal_pending(current))
			return done ?: -EINTR;
		b->user += nr;
	}
	return done;
}

/**
 * memrw_batch() - many transfers between an mm and the caller
 * @mm: the target; the caller holds a reference to its memory (mmget())
 * @segments: the caller's array
 * @count: of the segments in it
 * @write: to the target
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 *
 * The results are those of one transfer after another, in the order of the
 * array.
 *
 * Context: may sleep; what it allocates does not depend on @count.
 * Return: how many segments were done, from the start of the array, or, if
 * there were none, -EFAULT, -EINTR or -ENOMEM.
 */
ssize_t memrw_batch(struct mm_struct *mm, struct memrw_segment __user *segments, u32 count,
		    bool write, u32 flags)
{
	u32 piece = min_t(u32, count, PIECE);
	struct batch *b;
	ssize_t done;

	/* No more than is needed: kernels may clear all that they allocate. */
	b = kmalloc(sizeof(*b) + piece * (sizeof(*b->segments) + sizeof(*b->data)), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->data = (struct data *)(b->segments + piece);
	b->mm = mm;
	b->write = write;
	b->flags = flags;
	/* In memory of the caller's own, one segment may read what another has written. */
	b->gather = mm != current->mm;
	b->user = segments;
	done = do_batch(b, count);
	kfree(b);
	return done;
}
