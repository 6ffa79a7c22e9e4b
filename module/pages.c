// SPDX-License-Identifier: GPL-2.0-only
/*
 * The long way to the target's memory: get_user_pages(), which brings in what
 * is not there, except where MEMRW_NO_POPULATE forbids it.
 */
#include <linux/hugetlb.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <uapi/linux/memrw.h>

#include "compat.h"
#include "icache.h"
#include "pages.h"
#include "walk.h"

/* get_user_pages() speaks of the target's memory, but in the caller's errno. */
static int target_error(long error)
{
	switch (error) {
	case -ENOMEM:
	case -EINTR:
		return error;
	case -ERESTARTSYS:
		return -EINTR;
	default:
		return -EIO;
	}
}

static bool is_forced(const struct memrw_view *view)
{
	return view->flags & MEMRW_FORCE;
}

static bool leaves_holes(const struct memrw_view *view)
{
	return !view->write && view->flags & MEMRW_NO_POPULATE;
}

/*
 * Pages that are written to are pinned, so that a fork() in the target copies
 * them for the child first; for reading, the cheaper reference will do.
 */
static long get_pages(const struct memrw_view *view, unsigned long address,
		      unsigned long nr, struct page **pages, unsigned int gup_flags)
{
	int locked = 1;
	long taken;

	if (!view->killable)
		gup_flags |= FOLL_INTERRUPTIBLE;
	if (is_forced(view))
		gup_flags |= FOLL_FORCE;
	if (view->write)
		taken = pin_user_pages_remote(view->mm, address, nr, gup_flags | FOLL_WRITE,
					      pages, &locked);
	else
		taken = get_user_pages_remote(view->mm, address, nr, gup_flags, pages, &locked);
	if (locked)
		mmap_read_unlock(view->mm);
	return taken > 0 ? taken : target_error(taken);
}

static bool readable(const struct memrw_view *view, const struct vm_area_struct *vma)
{
	if (vma->vm_flags & (VM_IO | VM_PFNMAP))
		return false;
	return vma->vm_flags & (is_forced(view) ? VM_MAYREAD : VM_READ);
}

/* Shared anonymous memory, memfd, tmpfs: a hole there is filled by reading it. */
static struct address_space *shmem_mapping_of(const struct vm_area_struct *vma)
{
	struct file *file = vma->vm_flags & VM_SHARED ? vma->vm_file : NULL;

	if (file && file_inode(file)->i_sb->s_magic == TMPFS_MAGIC)
		return file->f_mapping;
	return NULL;
}

/*
 * How many pages from @address on, @nr at most, may be taken without filling
 * a hole of the target's; 0 where @address is in a hole.  FOLL_DUMP stops
 * get_user_pages() by itself at a hole in anonymous and huge-page memory, so
 * only shmem is to be looked at here.  Called with the mmap_lock held.
 */
static unsigned long pages_without_hole(const struct memrw_view *view,
					struct vm_area_struct *vma, unsigned long address,
					unsigned long nr)
{
	struct address_space *shmem;
	unsigned long i;
	pgoff_t index;

	shmem = readable(view, vma) ? shmem_mapping_of(vma) : NULL;
	if (!shmem)
		return nr;
	index = linear_page_index(vma, address);
	for (i = 0; i < nr; i++)
		if (!xa_load(&shmem->i_pages, index + i))
			break;
	return i;
}

/* Whether FOLL_DUMP stops get_user_pages() at holes of such memory. */
static bool has_holes(const struct memrw_view *view, struct vm_area_struct *vma)
{
	return readable(view, vma) && (vma_is_anonymous(vma) || is_vm_hugetlb_page(vma) ||
				       shmem_mapping_of(vma));
}

/*
 * What stopped get_user_pages() at @address: a hole, which is 0, or memory that
 * it could not bring in.  With FOLL_DUMP it also takes a huge page for a hole
 * while the kernel moves it.  So where there is something, get_user_pages() is
 * asked again, without.
 */
static long take_at_stop(const struct memrw_view *view, unsigned long address,
			 struct page **pages)
{
	struct vm_area_struct *vma;
	long taken;

	if (mmap_read_lock_killable(view->mm))
		return -EINTR;
	vma = vma_lookup(view->mm, address);
	taken = vma && has_holes(view, vma) ? 0 : -EIO;
	if (!taken && !is_vm_hugetlb_page(vma) && !memrw_walk_finds_hole(view->mm, address))
		return get_pages(view, address, 1, pages, 0);
	mmap_read_unlock(view->mm);
	return taken;
}

/**
 * memrw_pages_take() - take pages of the target
 * @view: how
 * @vma: the region that has @address, or NULL
 * @address: in the target
 * @nr: pages, at most; none behind the region's end are taken
 * @pages: out: to be given back with memrw_pages_release()
 *
 * Never asked for what no region has: below a stack, get_user_pages() would
 * make that grow, before Linux 6.5, or complain in the kernel's log.
 *
 * Context: called with the mmap_lock held, which it drops; may sleep.
 * Return: how many, at least one, or -EIO, -EINTR, -ENOMEM or -EAGAIN; 0 only
 * with MEMRW_NO_POPULATE, for a page that reads as zeros.
 */
long memrw_pages_take(const struct memrw_view *view, struct vm_area_struct *vma,
		      unsigned long address, unsigned long nr, struct page **pages)
{
	long taken;

	if (!vma || view->nowait) {
		mmap_read_unlock(view->mm);
		return vma ? -EAGAIN : -EIO;
	}
	nr = min(nr, (vma->vm_end - (address & PAGE_MASK)) >> PAGE_SHIFT);
	if (!leaves_holes(view))
		return get_pages(view, address, nr, pages, 0);

	nr = pages_without_hole(view, vma, address, nr);
	if (!nr) {
		mmap_read_unlock(view->mm);
		return 0;
	}
	taken = get_pages(view, address, nr, pages, FOLL_DUMP);
	return taken == -EIO ? take_at_stop(view, address, pages) : taken;
}

/*
 * Whether some of the @length bytes at @address are executable.  Asked after
 * they were written: when memory becomes executable later, the kernel sees to
 * the instruction caches, for flush_dcache_page() has told it to.
 */
static bool is_executable(const struct memrw_view *view, unsigned long address, size_t length)
{
	struct vm_area_struct *vma;
	unsigned long flags = 0;

	if (mmap_read_lock_killable(view->mm))
		return true;	/* it costs no more than time */
	for (vma = find_vma(view->mm, address); vma && vma->vm_start < address + length;
	     vma = find_vma(view->mm, vma->vm_end))
		flags |= vma->vm_flags;
	mmap_read_unlock(view->mm);
	return flags & VM_EXEC;
}

/**
 * memrw_pages_written() - after a write to the target's pages, before their release
 * @view: how they were taken
 * @address: of the first byte that was written
 * @pages: from that of @address on
 * @length: bytes written
 *
 * From its return on the target executes what was written, if it is executable.
 */
void memrw_pages_written(const struct memrw_view *view, unsigned long address,
			 struct page **pages, size_t length)
{
	size_t offset = offset_in_page(address);

	if (memrw_icache_is_coherent() || !is_executable(view, address, length))
		return;
	while (length) {
		size_t bytes = min(length, PAGE_SIZE - offset);

		memrw_icache_sync(page_address(*pages++) + offset, bytes);
		length -= bytes;
		offset = 0;
	}
}

void memrw_pages_release(const struct memrw_view *view, struct page **pages, long nr)
{
	long i;

	if (view->write) {
		unpin_user_pages_dirty_lock(pages, nr, true);
		return;
	}
	for (i = 0; i < nr; i++)
		put_page(pages[i]);
}
