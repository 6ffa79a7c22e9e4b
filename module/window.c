// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: pages of the target, mapped into the caller.
 *
 * A page is pinned when it is touched first, and stays pinned, whatever the
 * target does, until the window goes: what is seen through a window is memory
 * of the target's, as it is or as it was, and never anybody else's.
 *
 * A fault holds the caller's mmap_lock, and pinning takes the target's.  Of two
 * processes that look into each other each could wait for the other's, so the
 * two are never held together: the fault lets go of the caller's, pins, keeps
 * what it got in the window, and has the fault begin again, which finds it.
 *
 * Locks: the caller's mmap_lock, the window's, i_mmap_rwsem of the session's
 * mapping.  The target's mmap_lock is taken with none of these held.
 */
#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <uapi/linux/memrw.h>

#include "compat.h"
#include "pages.h"
#include "pin.h"
#include "window.h"

/* That many are pinned at a time, if they are there; few enough for the stack. */
#define BATCH_PAGES	32

/* Of what is pinned: for writing. */
#define WRITABLE	XA_MARK_0

/*
 * struct memrw_window - what an mmap() of a session made, and its parts since
 * @refs: one of each VMA, and of each call that is under way
 * @lock: protects what follows it up to @failures
 * @vmas: how many there are; when there is none any more, nothing is pinned
 * @closed: how many there were and are no more
 * @pages: what is pinned, by the page's number in the target
 * @failures: who could not have a page, likewise: the thread whose fault begins again
 * @target: whose memory; kept as a session keeps it
 * @owner: who is charged; outlives @vmas
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 */
struct memrw_window {
	struct kref refs;
	struct mutex lock;	/* see above */
	unsigned int vmas;
	unsigned long closed;
	struct xarray pages;
	struct xarray failures;
	struct mm_struct *target;
	struct mm_struct *owner;
	u32 flags;
};

/*
 * What is pinned
 */

static unsigned long limit_of_caller(void)
{
	return rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
}

/* What RDMA charges likewise: ib_umem_get() in drivers/infiniband/core/umem.c. */
static bool charge(struct mm_struct *mm)
{
	if (atomic64_add_return(1, &mm->pinned_vm) <= limit_of_caller() || capable(CAP_IPC_LOCK))
		return true;
	atomic64_dec(&mm->pinned_vm);
	return false;
}

static bool is_chargeable(struct mm_struct *mm, unsigned long nr)
{
	return atomic64_read(&mm->pinned_vm) + nr <= limit_of_caller() || capable(CAP_IPC_LOCK);
}

/*
 * Those of a range whose mark for writing is @dirty, up to BATCH_PAGES of them, out
 * of the window.  Where there may be more, they are from @first on then.
 */
static unsigned int take_out(struct memrw_window *window, unsigned long *first,
			     unsigned long last, bool dirty, struct page **pages)
{
	XA_STATE(xas, &window->pages, *first);
	unsigned int nr = 0;
	struct page *page;

	xas_lock(&xas);
	xas_for_each(&xas, page, last) {
		if (xas_get_mark(&xas, WRITABLE) != dirty)
			continue;
		xas_store(&xas, NULL);
		pages[nr++] = page;
		if (nr == BATCH_PAGES)
			break;
	}
	*first = xas.xa_index + 1;
	xas_unlock(&xas);
	return nr;
}

static void unpin_range(struct memrw_window *window, unsigned long first, unsigned long last,
			bool dirty)
{
	struct page *pages[BATCH_PAGES];
	unsigned int nr;

	do {
		nr = take_out(window, &first, last, dirty, pages);
		unpin_user_pages_dirty_lock(pages, nr, dirty);
		atomic64_sub(nr, &window->owner->pinned_vm);
		cond_resched();
	} while (nr == BATCH_PAGES);
}

/*
 * The window is locked.  What VMAs other than the caller's have of the range, to
 * which mremap() moved it, finds out that it is gone when it is touched next;
 * @mapping is NULL where there is none.
 */
static void let_go_of_range(struct memrw_window *window, struct address_space *mapping,
			    unsigned long first, unsigned long nr)
{
	unsigned long last = first + nr - 1;

	if (mapping)
		unmap_mapping_range(mapping, (loff_t)first << PAGE_SHIFT,
				    (loff_t)nr << PAGE_SHIFT, 1);
	unpin_range(window, first, last, false);
	unpin_range(window, first, last, true);
}

static void window_free(struct kref *refs)
{
	struct memrw_window *window = container_of(refs, struct memrw_window, refs);

	xa_destroy(&window->pages);
	xa_destroy(&window->failures);
	mmdrop(window->target);
	mutex_destroy(&window->lock);
	kfree(window);
}

/**
 * memrw_window_put() - give back what memrw_window_of() returned
 * @window: the window
 *
 * Context: may sleep.
 */
void memrw_window_put(struct memrw_window *window)
{
	kref_put(&window->refs, window_free);
}

/*
 * Keeping
 */

/* 0, or -EAGAIN, over the limit, or -ENOMEM; the page is still the caller's then. */
static int add(struct memrw_window *window, unsigned long index, struct page *page, bool write)
{
	int err;

	if (!charge(window->owner))
		return -EAGAIN;
	err = xa_err(xa_store(&window->pages, index, page, GFP_KERNEL_ACCOUNT));
	if (err)
		atomic64_dec(&window->owner->pinned_vm);
	else if (write)
		xa_set_mark(&window->pages, index, WRITABLE);
	return err;
}

/*
 * Keep a page that was pinned, or the one that the window has already: but for one
 * that is to be written to, and is not the same.
 */
static int keep(struct memrw_window *window, struct address_space *mapping, unsigned long index,
		struct page *page, bool write)
{
	struct page *old = xa_load(&window->pages, index);
	int err = 0;

	if (old && old != page && write) {
		let_go_of_range(window, mapping, index, 1);
		old = NULL;
	}
	if (!old)
		err = add(window, index, page, write);
	else if (write)
		xa_set_mark(&window->pages, index, WRITABLE);
	if (old || err)
		unpin_user_page(page);
	return err;
}

/*
 * What was pinned for the fault, or why nothing was, is there for the one that
 * begins again.  Nothing is kept if a VMA of the window's was closed meanwhile,
 * which may have been the one.
 */
static void keep_all(struct memrw_window *window, struct address_space *mapping,
		     unsigned long index, struct page **pages, long nr, bool write)
{
	long i = 0;
	int err = 0;

	while (i < nr && !err) {
		err = keep(window, mapping, index + i, pages[i], write);
		i++;
	}
	if (i < nr)
		unpin_user_pages(pages + i, nr - i);
	if (err && i == 1)
		nr = err;
	if (nr <= 0 && nr != -EINTR)
		xa_store(&window->failures, index, current, GFP_KERNEL_ACCOUNT);
}

/* How many were pinned, at least one, or 0 or -errno where none was. */
static long pin(struct memrw_window *window, unsigned long index, unsigned long max,
		unsigned int fault_flags, struct page **pages)
{
	const struct memrw_view view = {
		.mm = window->target,
		.write = fault_flags & FAULT_FLAG_WRITE,
		/* A fault in the kernel is not ended by another signal, but begins again. */
		.killable = !(fault_flags & FAULT_FLAG_USER),
		.flags = window->flags,
	};
	long nr;

	if (!mmget_not_zero(window->target))
		return -ESRCH;
	nr = memrw_pin(&view, &window->pages, index, max, pages);
	mmput(window->target);
	return nr;
}

/* Lets go of the caller's mmap_lock, and pins what the fault is about. */
static vm_fault_t pin_and_retry(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct memrw_window *window = vma->vm_private_data;
	struct address_space *mapping = vma->vm_file->f_mapping;
	unsigned long max = min_t(unsigned long, BATCH_PAGES,
				  vma->vm_pgoff + vma_pages(vma) - vmf->pgoff);
	unsigned int flags = vmf->flags;
	struct page *pages[BATCH_PAGES];
	pgoff_t index = vmf->pgoff;
	unsigned long closed;
	long nr;

	/* Nor does anybody pin for another process, and find nothing to read then. */
	if (!(flags & FAULT_FLAG_ALLOW_RETRY) || flags & FAULT_FLAG_REMOTE)
		return VM_FAULT_SIGBUS;
	if (flags & FAULT_FLAG_RETRY_NOWAIT)
		return VM_FAULT_RETRY;
	closed = window->closed;
	kref_get(&window->refs);
	mmap_read_unlock(vma->vm_mm);

	nr = pin(window, index, max, flags, pages);
	mutex_lock(&window->lock);
	if (window->closed == closed)
		keep_all(window, mapping, index, pages, nr, flags & FAULT_FLAG_WRITE);
	else if (nr > 0)
		unpin_user_pages(pages, nr);
	mutex_unlock(&window->lock);
	memrw_window_put(window);
	return VM_FAULT_RETRY;
}

/*
 * Faults
 */

/* The page of the fault, and those behind it that are pinned, too. */
static vm_fault_t insert_pages(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	struct memrw_window *window = vma->vm_private_data;
	unsigned long address = vmf->address & PAGE_MASK;
	vm_fault_t result = compat_insert_page(vma, address, page);
	unsigned long i;

	for (i = 1; i < BATCH_PAGES && result == VM_FAULT_NOPAGE; i++) {
		address += PAGE_SIZE;
		page = xa_load(&window->pages, vmf->pgoff + i);
		if (address >= vma->vm_end || !page ||
		    compat_insert_page(vma, address, page) != VM_FAULT_NOPAGE)
			break;
	}
	return result;
}

/*
 * Whether the fault is one that begins again because of a failure.  That it does
 * is said of a program's own; of one of the kernel's for it, as madvise() makes,
 * it need not be.
 */
static bool has_failed(const struct vm_fault *vmf, struct memrw_window *window)
{
	if (vmf->flags & FAULT_FLAG_USER && !(vmf->flags & FAULT_FLAG_TRIED))
		return false;
	return xa_cmpxchg(&window->failures, vmf->pgoff, current, NULL, GFP_KERNEL) == current;
}

static vm_fault_t window_fault(struct vm_fault *vmf)
{
	struct memrw_window *window = vmf->vma->vm_private_data;
	vm_fault_t result = 0;
	struct page *page;

	mutex_lock(&window->lock);
	page = xa_load(&window->pages, vmf->pgoff);
	if (page)
		result = insert_pages(vmf, page);
	else if (has_failed(vmf, window))
		result = VM_FAULT_SIGBUS;
	mutex_unlock(&window->lock);
	return result ?: pin_and_retry(vmf);
}

/*
 * A store to what is mapped read-only, as all is at first: from now on, if it is
 * pinned for writing.
 */
static vm_fault_t window_pfn_mkwrite(struct vm_fault *vmf)
{
	struct memrw_window *window = vmf->vma->vm_private_data;
	vm_fault_t result = 0;
	bool writable;

	mutex_lock(&window->lock);
	writable = xa_get_mark(&window->pages, vmf->pgoff, WRITABLE);
	if (!writable && has_failed(vmf, window))
		result = VM_FAULT_SIGBUS;
	mutex_unlock(&window->lock);
	if (writable || result)
		return result;
	/* Of the two, wp_pfn_shared() looks for the first alone. */
	return VM_FAULT_NOPAGE | pin_and_retry(vmf);
}

/*
 * The parts of a window
 */

/* A part of another one, which was split or moved. */
static void window_open(struct vm_area_struct *vma)
{
	struct memrw_window *window = vma->vm_private_data;

	kref_get(&window->refs);
	mutex_lock(&window->lock);
	window->vmas++;
	mutex_unlock(&window->lock);
}

static void window_close(struct vm_area_struct *vma)
{
	struct memrw_window *window = vma->vm_private_data;

	mutex_lock(&window->lock);
	window->closed++;
	window->vmas--;
	let_go_of_range(window, window->vmas ? vma->vm_file->f_mapping : NULL,
			vma->vm_pgoff, vma_pages(vma));
	mutex_unlock(&window->lock);
	memrw_window_put(window);
}

static const struct vm_operations_struct window_ops = {
	.open = window_open,
	.close = window_close,
	.fault = window_fault,
	.pfn_mkwrite = window_pfn_mkwrite,
};

/**
 * memrw_window_map() - make a VMA a window
 * @vma: of an mmap() of the session, shared; its offset is the target's address
 * @target: the target, which is kept (mmgrab())
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 *
 * Pins nothing.  That there is room for all of it in the caller's RLIMIT_MEMLOCK
 * is found out now, because a page that cannot be pinned later ends in a SIGBUS.
 *
 * Context: the caller's mmap_lock is held for writing.
 * Return: 0, -EINVAL (it is the caller's own memory, or to be executed), -EAGAIN
 * (RLIMIT_MEMLOCK) or -ENOMEM.
 */
int memrw_window_map(struct vm_area_struct *vma, struct mm_struct *target, u32 flags)
{
	struct memrw_window *window;

	if (target == vma->vm_mm || vma->vm_flags & VM_EXEC)
		return -EINVAL;
	if (!is_chargeable(vma->vm_mm, vma_pages(vma)))
		return -EAGAIN;
	window = kzalloc_obj(*window, GFP_KERNEL_ACCOUNT);
	if (!window)
		return -ENOMEM;
	kref_init(&window->refs);
	mutex_init(&window->lock);
	xa_init(&window->pages);
	xa_init(&window->failures);
	window->vmas = 1;
	window->owner = vma->vm_mm;
	window->flags = flags;
	window->target = target;
	mmgrab(target);

	vm_flags_mod(vma, COMPAT_VM_WINDOW | VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
	vma->vm_ops = &window_ops;
	vma->vm_private_data = window;
	return 0;
}

/*
 * What is out of date
 */

/**
 * memrw_window_of() - the window that a VMA is a part of
 * @vma: any VMA
 *
 * Context: the caller's mmap_lock is held.
 * Return: to be given back with memrw_window_put(); NULL if it is of none.
 */
struct memrw_window *memrw_window_of(const struct vm_area_struct *vma)
{
	struct memrw_window *window;

	if (vma->vm_ops != &window_ops)
		return NULL;
	window = vma->vm_private_data;
	kref_get(&window->refs);
	return window;
}

/**
 * memrw_window_sync() - which pages of a window are out of date
 * @window: the window
 * @mapping: of the session; NULL to leave them
 * @first: the first page's number in the target
 * @nr: pages, 64 at most
 * @stale: out: a bit for each that is pinned and not what the target has there
 *
 * With @mapping, those pages are let go of, and touched next are what the target
 * has there then.
 *
 * Context: may sleep; no lock is held.
 * Return: 0, -ESRCH (the target's memory is gone), -EINTR or -ENOMEM.
 */
int memrw_window_sync(struct memrw_window *window, struct address_space *mapping,
		      unsigned long first, unsigned int nr, u64 *stale)
{
	unsigned int i;
	int err;

	*stale = 0;
	if (!mmget_not_zero(window->target))
		return -ESRCH;
	err = memrw_pin_find_stale(window->target, &window->pages, first, nr, stale);
	mmput(window->target);
	if (err || !mapping)
		return err;

	mutex_lock(&window->lock);
	for (i = 0; i < nr; i++)
		if (*stale & BIT_ULL(i))
			let_go_of_range(window, mapping, first + i, 1);
	mutex_unlock(&window->lock);
	return 0;
}
