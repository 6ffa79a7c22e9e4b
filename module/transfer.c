// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transfer engine: moves bytes between the memory of an mm and the caller.
 *
 * What is small is copied where it is, by way of the stack.  Of the rest, the
 * target's pages are taken a batch at a time under its mmap_lock, and copied to
 * or from, in one copy, after that lock was dropped: the caller's buffer may
 * fault, and the caller may be the target.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <uapi/linux/memrw.h>

#include "compat.h"
#include "pages.h"
#include "touch.h"
#include "transfer.h"
#include "walk.h"

/* Enough to make one lock of the target cheap; few enough for the stack. */
#define BATCH_PAGES	32
#define BATCH_RUNS	64

/* Up to here two copies are cheaper than a reference to a page. */
#define SMALL		64

/*
 * struct transfer - what is still to be done
 * @view: the target
 * @address: in it
 * @length: bytes
 * @iter: the caller's side, or NULL
 * @buffer: the caller's side where @iter is NULL: a plain buffer needs only a
 *	fraction of the instructions
 */
struct transfer {
	struct memrw_view view;
	unsigned long address;
	size_t length;
	struct iov_iter *iter;
	void __user *buffer;
};

static size_t advance(struct transfer *t, size_t moved)
{
	t->address += moved;
	t->length -= moved;
	if (!t->iter)
		t->buffer += moved;
	return moved;
}

/* A byte at a time at the end of a buffer, as memrw_copy_rest_out(). */
static size_t copy_to(struct iov_iter *iter, const u8 *from, size_t length)
{
	size_t copied = copy_to_iter(from, length, iter);

	while (unlikely(copied < length) && copy_to_iter(from + copied, 1, iter))
		copied++;
	return copied;
}

static size_t copy_from(struct iov_iter *iter, u8 *to, size_t length)
{
	size_t copied = copy_from_iter(to, length, iter);

	while (unlikely(copied < length) && copy_from_iter(to + copied, 1, iter))
		copied++;
	return copied;
}

/* To the caller: the bytes copied, fewer if its buffer is bad. */
static __always_inline size_t copy_out(struct transfer *t, const void *from, size_t length)
{
	return advance(t, t->iter ? copy_to(t->iter, from, length) :
				    length - memrw_copy_out(t->buffer, from, length));
}

/* The same for the target's memory, which most often is a whole page. */
static __always_inline size_t copy_memory_out(struct transfer *t, const void *from,
					      size_t length)
{
	return length == PAGE_SIZE ? copy_out(t, from, PAGE_SIZE) : copy_out(t, from, length);
}

/*
 * Pages that get_user_pages() found
 */

static size_t read_page(struct transfer *t, struct page *page, size_t length)
{
	return copy_memory_out(t, page_address(page) + offset_in_page(t->address), length);
}

/*
 * From the caller: what is left.  Not copy_from_user(), which would put zeros
 * where the caller's buffer is bad.
 */
static __always_inline unsigned long copy_in_place(void *to, const void __user *from,
						   size_t length)
{
	unsigned long left = length;

	if (access_ok(from, length))
		left = __copy_from_user(to, from, length);
	return unlikely(left) ? memrw_copy_rest_in(to, from, length, left) : 0;
}

static size_t write_page(struct transfer *t, struct page *page, size_t length)
{
	size_t offset = offset_in_page(t->address), copied;
	void *to = page_address(page) + offset;

	if (t->iter)
		copied = copy_from(t->iter, to, length);
	else if (length == PAGE_SIZE)
		copied = PAGE_SIZE - copy_in_place(to, t->buffer, PAGE_SIZE);
	else
		copied = length - copy_in_place(to, t->buffer, length);
	flush_dcache_page(page);
	return advance(t, copied);
}

/* All bytes that are in them; fewer if the caller's buffer is bad. */
static size_t copy_pages(struct transfer *t, struct page **pages, long nr)
{
	size_t done = 0;
	long i;

	for (i = 0; i < nr && t->length; i++) {
		size_t bytes = min(t->length, PAGE_SIZE - offset_in_page(t->address));
		size_t copied = t->view.write ? write_page(t, pages[i], bytes) :
						read_page(t, pages[i], bytes);

		done += copied;
		if (copied < bytes)
			break;
	}
	return done;
}

/* Called with the mmap_lock held, which it drops. */
static ssize_t transfer_pages(struct transfer *t)
{
	struct page *pages[BATCH_PAGES] __uninitialized;
	unsigned long address = t->address;
	size_t length = min(t->length, BATCH_PAGES * PAGE_SIZE - offset_in_page(address));
	size_t done;
	long nr;

	nr = memrw_pages_take(&t->view, vma_lookup(t->view.mm, address), address,
			      DIV_ROUND_UP(offset_in_page(address) + length, PAGE_SIZE), pages);
	if (nr < 0)
		return nr;
	if (!nr) {
		pages[0] = ZERO_PAGE(0);
		return copy_pages(t, pages, 1);
	}
	done = copy_pages(t, pages, nr);
	if (t->view.write)
		memrw_pages_written(&t->view, address, pages, done);
	memrw_pages_release(&t->view, pages, nr);
	return done;
}

/*
 * Memory that a walk found
 */

static size_t copy_runs(struct transfer *t, const struct memrw_run *runs, unsigned int nr)
{
	size_t done = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		size_t copied = copy_memory_out(t, page_address(runs[i].page) + runs[i].offset,
						runs[i].length);

		done += copied;
		if (copied < runs[i].length)
			break;
	}
	return done;
}

/*
 * Called with the mmap_lock held, which it drops, unless it found nothing.
 * Whether it did.
 */
static bool read_runs(struct transfer *t, ssize_t *done)
{
	struct memrw_walk walk __uninitialized;
	struct memrw_run runs[BATCH_RUNS] __uninitialized;
	unsigned int nr, i;

	memrw_walk_begin(&walk, t->view.mm, false);
	nr = memrw_walk_take(&walk, t->address, t->length, runs, BATCH_RUNS);
	memrw_walk_leave(&walk);
	if (!nr)
		return false;
	mmap_read_unlock(t->view.mm);

	*done = copy_runs(t, runs, nr);
	for (i = 0; i < nr; i++)
		put_page(runs[i].page);
	return true;
}

/* One batch: the bytes moved, 0 if the caller's buffer is bad, or why none were. */
static ssize_t transfer_batch(struct transfer *t)
{
	ssize_t done;

	done = memrw_pages_lock(&t->view);
	if (done)
		return done;
	if (!t->view.write && read_runs(t, &done))
		return done;
	return transfer_pages(t);
}

static ssize_t transfer_range(struct transfer *t)
{
	ssize_t done = 0;

	t->length = min(t->length, TASK_SIZE_MAX - t->address);
	while (t->length) {
		ssize_t moved = transfer_batch(t);

		/* Not a part of it: the caller would take the rest for inaccessible. */
		if (moved == -EAGAIN)
			return -EAGAIN;
		if (moved <= 0)
			return done ?: moved ?: -EFAULT;
		done += moved;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t read_small(struct transfer *t)
{
	u64 buffer[SMALL / sizeof(u64)] __uninitialized;
	int err;

	err = memrw_touch(&t->view, t->address, t->length, memrw_load, buffer);
	return err ?: copy_out(t, buffer, t->length) ?: -EFAULT;
}

/* What comes of a buffer that ends too early is written. */
static ssize_t write_small(struct transfer *t)
{
	u64 buffer[SMALL / sizeof(u64)] __uninitialized;
	size_t length = t->length;
	int err;

	if (t->iter)
		length = copy_from(t->iter, (u8 *)buffer, length);
	else
		length -= memrw_copy_in(buffer, t->buffer, length);
	if (!length)
		return -EFAULT;
	err = memrw_touch(&t->view, t->address, length, memrw_store, buffer);
	return err ?: length;
}

static bool is_small(const struct transfer *t)
{
	return t->length <= SMALL && offset_in_page(t->address) + t->length <= PAGE_SIZE;
}

static ssize_t transfer(struct transfer *t)
{
	if (!t->length)
		return 0;
	t->address = compat_untagged_addr(t->address);
	if (t->address >= TASK_SIZE_MAX)
		return -EIO;
	if (is_small(t))
		return t->view.write ? write_small(t) : read_small(t);
	return transfer_range(t);
}

/**
 * memrw_transfer() - move bytes between an mm and a buffer of the caller's
 * @mm: the target; the caller holds a reference to its memory (mmget())
 * @address: in the target
 * @buffer: the caller's
 * @length: bytes; of more than MAX_RW_COUNT, that many are moved
 * @write: to the target
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 *
 * Allocates nothing.  A transfer of 1, 2, 4 or 8 bytes at a multiple of its
 * length is one access to the target's memory.
 *
 * Context: may sleep; holds no lock while it touches the caller's buffer.
 * Return: the bytes moved, from the start of the range, or, if there were
 * none, -EIO, -EFAULT, -EINTR or -ENOMEM.
 */
ssize_t memrw_transfer(struct mm_struct *mm, unsigned long address, void __user *buffer,
		       size_t length, bool write, u32 flags)
{
	struct transfer t = {
		.view = { .mm = mm, .write = write, .flags = flags },
		.address = address,
		.length = min_t(size_t, length, MAX_RW_COUNT),
		.buffer = buffer,
	};

	return transfer(&t);
}

/**
 * memrw_transfer_iter() - the same between an mm and an iterator
 * @mm: the target
 * @address: in the target
 * @iter: the caller's side; its direction is that of the transfer, its count
 *	the length, and it is advanced by what was moved
 * @nowait: whether to wait for nothing of the target's; only -EAGAIN comes of
 *	that where not all bytes could be moved at once
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 */
ssize_t memrw_transfer_iter(struct mm_struct *mm, unsigned long address, struct iov_iter *iter,
			    bool nowait, u32 flags)
{
	struct transfer t = {
		.view = {
			.mm = mm,
			.write = iov_iter_rw(iter) == ITER_SOURCE,
			.nowait = nowait,
			.flags = flags,
		},
		.address = address,
		.length = iov_iter_count(iter),
		.iter = iter,
	};

	return transfer(&t);
}
