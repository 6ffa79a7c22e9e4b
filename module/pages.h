/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_PAGES_H
#define MEMRW_PAGES_H

#include <linux/errno.h>
#include <linux/mmap_lock.h>
#include <linux/types.h>

struct page;
struct vm_area_struct;

/*
 * struct memrw_view - the target's memory as one transfer may have it
 * @mm: the target
 * @write: to it
 * @nowait: whether nothing may be waited for: -EAGAIN then
 * @killable: whether only a fatal signal ends a wait
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 */
struct memrw_view {
	struct mm_struct *mm;
	bool write;
	bool nowait;
	bool killable;
	u32 flags;
};

/* Take the mmap_lock of the target: 0, or -EINTR, or -EAGAIN where nothing may be waited for. */
static inline int memrw_pages_lock(const struct memrw_view *view)
{
	if (unlikely(view->nowait))
		return mmap_read_trylock(view->mm) ? 0 : -EAGAIN;
	return mmap_read_lock_killable(view->mm) ? -EINTR : 0;
}

long memrw_pages_take(const struct memrw_view *view, struct vm_area_struct *vma,
		      unsigned long address, unsigned long nr, struct page **pages);
void memrw_pages_written(const struct memrw_view *view, unsigned long address,
			 struct page **pages, size_t length);
void memrw_pages_release(const struct memrw_view *view, struct page **pages, long nr);

#endif /* MEMRW_PAGES_H */
