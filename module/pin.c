// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of the target, pinned: they stay where they are, and its own, until they
 * are unpinned, whatever it does.  And what has become of those that were.
 */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/xarray.h>
#include <uapi/linux/memrw.h>

#include "compat.h"
#include "pages.h"
#include "pin.h"
#include "walk.h"

/*
 * Whether stores to such memory are its filesystem's business, which it learns of
 * by a fault.  Linux refuses to pin it for long since 6.5.
 */
static bool is_file_of_disk(struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_SHARED && vma->vm_file && !is_vm_hugetlb_page(vma) &&
	       file_inode(vma->vm_file)->i_sb->s_magic != TMPFS_MAGIC;
}

/*
 * How many pages from @index on, @max at most, are to be pinned together: the
 * first one, and those behind it that are not yet, and that the target has; to be
 * written to only those to which it has written already.
 * Called with the target's mmap_lock held.
 */
static unsigned long pages_to_pin(const struct memrw_view *view, struct xarray *pinned,
				  struct vm_area_struct *vma, unsigned long index,
				  unsigned long max)
{
	struct memrw_walk walk __uninitialized;
	unsigned long nr;

	if (is_vm_hugetlb_page(vma))
		return 1;
	max = min(max, (vma->vm_end >> PAGE_SHIFT) - index);
	memrw_walk_begin(&walk, view->mm, true);
	for (nr = 1; nr < max; nr++) {
		unsigned long address = (index + nr) << PAGE_SHIFT;

		if (xa_load(pinned, index + nr))
			break;
		if (view->write ? !memrw_walk_find(&walk, address) :
				  memrw_walk_finds_hole(view->mm, address))
			break;
	}
	memrw_walk_leave(&walk);
	return nr;
}

/* What is mapped can be read, also where it is pinned to be written to. */
static bool may_pin(const struct memrw_view *view, struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_READ) && !(view->flags & MEMRW_FORCE))
		return false;
	return !view->write || !is_file_of_disk(vma);
}

/* Without a wait for anything: -EFAULT where that would take one. */
static long pin_there(const struct memrw_view *view, struct xarray *pinned,
		      unsigned long index, unsigned long max, struct page **pages)
{
	unsigned int flags = FOLL_LONGTERM | (view->write ? FOLL_WRITE : 0) |
			     (view->flags & MEMRW_FORCE ? FOLL_FORCE : 0);
	struct vm_area_struct *vma;
	long taken = -EFAULT;

	if (mmap_read_lock_killable(view->mm))
		return -EINTR;
	vma = vma_lookup(view->mm, index << PAGE_SHIFT);
	if (vma && may_pin(view, vma))
		taken = pin_user_pages_remote(view->mm, index << PAGE_SHIFT,
					      pages_to_pin(view, pinned, vma, index, max),
					      flags | compat_foll_unshare(vma), pages, NULL);
	mmap_read_unlock(view->mm);
	return taken;
}

/*
 * Have the target's page brought in.  Only this way can a wait for it, for
 * userfaultfd or a file, be ended by a signal and leave others the target's
 * mmap_lock: before Linux 6.3 what is pinned for long cannot be waited for so.
 */
static long bring_in(const struct memrw_view *view, unsigned long index)
{
	struct vm_area_struct *vma;
	struct page *page;
	long taken;

	if (mmap_read_lock_killable(view->mm))
		return -EINTR;
	vma = vma_lookup(view->mm, index << PAGE_SHIFT);
	taken = memrw_pages_take(view, vma, index << PAGE_SHIFT, 1, &page);
	if (taken > 0)
		memrw_pages_release(view, &page, 1);
	return taken;
}

static bool is_there(const struct memrw_view *view, unsigned long index)
{
	struct vm_area_struct *vma;
	bool there;

	if (mmap_read_lock_killable(view->mm))
		return false;
	vma = vma_lookup(view->mm, index << PAGE_SHIFT);
	there = vma && !is_vm_hugetlb_page(vma) &&
		!memrw_walk_finds_hole(view->mm, index << PAGE_SHIFT);
	mmap_read_unlock(view->mm);
	return there;
}

/**
 * memrw_pin() - pin pages of the target for as long as one likes
 * @view: how; no caller waits for nothing
 * @pinned: what is pinned already, by its number in the target, as @index
 * @index: the first page
 * @max: pages, at most; those behind the first only if the target has them, and
 *	@pinned has not
 * @pages: out: to be given back with unpin_user_pages_dirty_lock()
 *
 * Context: may sleep; the caller holds a reference to the target's memory and no
 * mmap_lock.
 * Return: how many, at least one; 0 (a hole, with MEMRW_NO_POPULATE), -EIO, -EFAULT
 * (what can be transferred, but not pinned), -EINTR or -ENOMEM.
 */
long memrw_pin(const struct memrw_view *view, struct xarray *pinned, unsigned long index,
	       unsigned long max, struct page **pages)
{
	long taken = 0;

	if (is_there(view, index))
		taken = pin_there(view, pinned, index, max, pages);
	if (taken > 0)
		return taken;
	taken = bring_in(view, index);
	return taken > 0 ? pin_there(view, pinned, index, max, pages) : taken;
}

/*
 * What has become of them
 */

/*
 * The short way, from @index on, as far as the page tables tell it: the first page
 * of which they do not, or @end.
 */
static unsigned long walk_pinned(struct mm_struct *mm, struct xarray *pinned,
				 unsigned long index, unsigned long end, u64 *stale,
				 unsigned long first)
{
	struct memrw_walk walk __uninitialized;
	void *memory;

	memrw_walk_begin(&walk, mm, false);
	for (; index < end; index++) {
		struct page *page = xa_load(pinned, index);

		if (!page)
			continue;
		memory = memrw_walk_find(&walk, index << PAGE_SHIFT);
		if (!memory)
			break;
		if (memory != page_address(page))
			*stale |= BIT_ULL(index - first);
	}
	memrw_walk_leave(&walk);
	return index;
}

/* Whatever the target's protection is now: with it, memory does not change. */
static int is_stale(struct mm_struct *mm, struct xarray *pinned, unsigned long index)
{
	const struct memrw_view view = {
		.mm = mm,
		.flags = MEMRW_FORCE | MEMRW_NO_POPULATE,
	};
	struct page *page, *now;
	long taken;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	taken = memrw_pages_take(&view, vma_lookup(mm, index << PAGE_SHIFT),
				 index << PAGE_SHIFT, 1, &page);
	if (!taken || taken == -EIO)
		return true;
	if (taken < 0)
		return taken;
	now = xa_load(pinned, index);
	memrw_pages_release(&view, &page, 1);
	return now && now != page;
}

/**
 * memrw_pin_find_stale() - which pages are not what the target has there any more
 * @mm: the target
 * @pinned: what is pinned, by its number in the target
 * @first: the first page
 * @nr: pages, 64 at most
 * @stale: out: a bit for each
 *
 * What is pinned or unpinned meanwhile may be told of or not.
 *
 * Context: as memrw_pin().
 * Return: 0, -EINTR or -ENOMEM.
 */
int memrw_pin_find_stale(struct mm_struct *mm, struct xarray *pinned, unsigned long first,
			 unsigned int nr, u64 *stale)
{
	unsigned long index = first, end = first + nr;
	int result;

	*stale = 0;
	while (xa_find(pinned, &index, end - 1, XA_PRESENT)) {
		if (mmap_read_lock_killable(mm))
			return -EINTR;
		index = walk_pinned(mm, pinned, index, end, stale, first);
		mmap_read_unlock(mm);
		if (index == end)
			break;
		result = is_stale(mm, pinned, index);
		if (result < 0)
			return result;
		if (result)
			*stale |= BIT_ULL(index - first);
		index++;
	}
	return 0;
}
