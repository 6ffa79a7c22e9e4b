// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transfer engine: moves bytes between the memory of an mm and an
 * iov_iter, in one copy.
 *
 * The target's pages are taken a batch at a time under its mmap_lock, and
 * copied to or from after that lock was dropped: the caller's buffer may
 * fault, and the caller may be the target.
 */
#include <linux/highmem.h>
#include <linux/hugetlb.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <uapi/linux/memrw.h>

#include "compat.h"
#include "icache.h"
#include "transfer.h"

/* Enough to make one lock of the target cheap; few enough for the stack. */
#define BATCH_PAGES	32

/* What stays the same from the first batch of a transfer to the last. */
struct transfer {
	struct mm_struct *mm;
	struct iov_iter *iter;
	bool write;		/* to the target */
	bool no_populate;
	unsigned int gup_flags;
};

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

/*
 * How many pages from @address on, @nr at most, get_user_pages() may be asked
 * for.  Not for what is below a stack: it would make that grow, before Linux
 * 6.5, or complain in the kernel's log.  Elsewhere it finds out by itself what
 * is not mapped; an address is looked up only where a stack may be next, since
 * that adds a seventh to the time that a word takes.  Called with the mmap_lock
 * held.
 */
static unsigned long pages_not_below_stack(struct mm_struct *mm, unsigned long address,
					   unsigned long nr)
{
	struct vm_area_struct *vma;

	/* A 32-bit target's mappings have another base, and its stack is below this one. */
	if (address >= mm->start_stack ||
	    (address < mm->mmap_base && mm->mmap_base < mm->start_stack))
		return nr;
	vma = find_vma(mm, address);
	if (!vma || vma->vm_start > address)
		return 0;
	return min(nr, (vma->vm_end - (address & PAGE_MASK)) >> PAGE_SHIFT);
}

/*
 * Pages that are written to are pinned, so that a fork() in the target copies
 * them for the child first; for reading, the cheaper reference will do.
 */
static long take_pages(const struct transfer *t, unsigned long address, unsigned long nr,
		       struct page **pages)
{
	int locked = 1;
	long taken;

	nr = pages_not_below_stack(t->mm, address, nr);
	if (t->write)
		taken = pin_user_pages_remote(t->mm, address, nr, t->gup_flags, pages, &locked);
	else
		taken = get_user_pages_remote(t->mm, address, nr, t->gup_flags, pages, &locked);
	if (locked)
		mmap_read_unlock(t->mm);
	return taken > 0 ? taken : target_error(taken);
}

static void release_pages_taken(const struct transfer *t, struct page **pages, long nr)
{
	long i;

	if (t->write) {
		unpin_user_pages_dirty_lock(pages, nr, true);
		return;
	}
	for (i = 0; i < nr; i++)
		put_page(pages[i]);
}

static bool readable(const struct transfer *t, const struct vm_area_struct *vma)
{
	if (vma->vm_flags & (VM_IO | VM_PFNMAP))
		return false;
	return vma->vm_flags & (t->gup_flags & FOLL_FORCE ? VM_MAYREAD : VM_READ);
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
static unsigned long pages_without_hole(const struct transfer *t, unsigned long address,
					unsigned long nr)
{
	struct vm_area_struct *vma = find_vma(t->mm, address);
	struct address_space *shmem;
	unsigned long i;
	pgoff_t index;

	if (!vma || vma->vm_start > address || !readable(t, vma))
		return nr;
	/* The rest of the batch may be of another kind of memory. */
	nr = min(nr, (vma->vm_end - (address & PAGE_MASK)) >> PAGE_SHIFT);

	shmem = shmem_mapping_of(vma);
	if (!shmem)
		return nr;
	index = linear_page_index(vma, address);
	for (i = 0; i < nr; i++)
		if (!xa_load(&shmem->i_pages, index + i))
			break;
	return i;
}

/* Whether what stopped get_user_pages() at @address was FOLL_DUMP at a hole. */
static bool reads_as_zeros(const struct transfer *t, unsigned long address)
{
	struct vm_area_struct *vma;
	bool zeros = false;

	if (mmap_read_lock_killable(t->mm))
		return false;
	vma = find_vma(t->mm, address);
	if (vma && vma->vm_start <= address && readable(t, vma))
		zeros = vma_is_anonymous(vma) || is_vm_hugetlb_page(vma) ||
			shmem_mapping_of(vma);
	mmap_read_unlock(t->mm);
	return zeros;
}

/*
 * Take up to @nr pages from @address on.  Return how many, at least one, or an
 * error; 0 only with no_populate, for a page that reads as zeros.
 */
static long take_batch(const struct transfer *t, unsigned long address, unsigned long nr,
		       struct page **pages)
{
	long taken;

	if (mmap_read_lock_killable(t->mm))
		return -EINTR;
	if (!t->no_populate)
		return take_pages(t, address, nr, pages);

	nr = pages_without_hole(t, address, nr);
	if (!nr) {
		mmap_read_unlock(t->mm);
		return 0;
	}
	taken = take_pages(t, address, nr, pages);
	if (taken == -EIO && reads_as_zeros(t, address))
		return 0;
	return taken;
}

/*
 * Whether some of the @length bytes at @address are executable.  Asked after
 * they were written: when memory becomes executable later, the kernel sees to
 * the instruction caches, for flush_dcache_page() has told it to.
 */
static bool is_executable(const struct transfer *t, unsigned long address, size_t length)
{
	struct vm_area_struct *vma;
	unsigned long flags = 0;

	if (mmap_read_lock_killable(t->mm))
		return true;	/* it costs no more than time */
	for (vma = find_vma(t->mm, address); vma && vma->vm_start < address + length;
	     vma = find_vma(t->mm, vma->vm_end))
		flags |= vma->vm_flags;
	mmap_read_unlock(t->mm);
	return flags & VM_EXEC;
}

/* After a write to the @length bytes at @address, which are in @pages. */
static void sync_instructions(const struct transfer *t, unsigned long address,
			      struct page **pages, size_t length)
{
	size_t offset = offset_in_page(address);

	if (memrw_icache_is_coherent() || !is_executable(t, address, length))
		return;
	while (length) {
		size_t bytes = min(length, PAGE_SIZE - offset);
		void *kaddr = kmap_local_page(*pages++);

		memrw_icache_sync(kaddr + offset, bytes);
		kunmap_local(kaddr);
		length -= bytes;
		offset = 0;
	}
}

/* Copy @length bytes from @offset of the first page on; fewer if the caller's buffer is bad. */
static size_t copy_batch(const struct transfer *t, struct page **pages, size_t offset,
			 size_t length)
{
	size_t done = 0;

	while (done < length) {
		size_t bytes = min(length - done, PAGE_SIZE - offset);
		size_t copied;

		if (t->write) {
			copied = copy_page_from_iter(*pages, offset, bytes, t->iter);
			flush_dcache_page(*pages);
		} else {
			copied = copy_page_to_iter(*pages, offset, bytes, t->iter);
		}
		done += copied;
		if (copied < bytes)
			break;
		pages++;
		offset = 0;
	}
	return done;
}

/* One batch: the bytes moved, or, if there were none, why. */
static ssize_t transfer_batch(const struct transfer *t, unsigned long address)
{
	struct page *pages[BATCH_PAGES];
	size_t offset = offset_in_page(address);
	size_t length = min(iov_iter_count(t->iter), BATCH_PAGES * PAGE_SIZE - offset);
	size_t done;
	long nr;

	nr = take_batch(t, address, DIV_ROUND_UP(offset + length, PAGE_SIZE), pages);
	if (nr < 0)
		return nr;
	if (!nr) {
		/* iov_iter_zero() would not count to the byte in a bad buffer. */
		done = copy_page_to_iter(ZERO_PAGE(0), offset, min(length, PAGE_SIZE - offset),
					 t->iter);
	} else {
		done = copy_batch(t, pages, offset, min(length, nr * PAGE_SIZE - offset));
		if (t->write)
			sync_instructions(t, address, pages, done);
		release_pages_taken(t, pages, nr);
	}
	return done ?: -EFAULT;
}

static ssize_t transfer_range(const struct transfer *t, unsigned long address)
{
	ssize_t done = 0;

	while (iov_iter_count(t->iter)) {
		ssize_t moved = transfer_batch(t, address + done);

		if (moved < 0)
			return done ?: moved;
		done += moved;
		if (fatal_signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static void load_word(const void *from, void *word, size_t length)
{
	switch (length) {
	case 1:
		*(u8 *)word = READ_ONCE(*(const u8 *)from);
		break;
	case 2:
		*(u16 *)word = READ_ONCE(*(const u16 *)from);
		break;
	case 4:
		*(u32 *)word = READ_ONCE(*(const u32 *)from);
		break;
	case 8:
		*(u64 *)word = READ_ONCE(*(const u64 *)from);
		break;
	}
}

/* @length is not that of a word where the caller's buffer ended too early. */
static void store_word(void *to, const void *word, size_t length)
{
	switch (length) {
	case 1:
		WRITE_ONCE(*(u8 *)to, *(const u8 *)word);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)to, *(const u16 *)word);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)to, *(const u32 *)word);
		break;
	case 8:
		WRITE_ONCE(*(u64 *)to, *(const u64 *)word);
		break;
	default:
		memcpy(to, word, length);
		break;
	}
}

static ssize_t read_word(const struct transfer *t, unsigned long address, size_t length)
{
	struct page *page;
	u64 word = 0;
	void *kaddr;
	long nr;

	nr = take_batch(t, address, 1, &page);
	if (nr < 0)
		return nr;
	if (nr) {
		kaddr = kmap_local_page(page);
		load_word(kaddr + offset_in_page(address), &word, length);
		kunmap_local(kaddr);
		put_page(page);
	}
	return copy_to_iter(&word, length, t->iter) ?: -EFAULT;
}

static ssize_t write_word(const struct transfer *t, unsigned long address, size_t length)
{
	struct page *page;
	void *kaddr;
	u64 word;
	long nr;

	length = copy_from_iter(&word, length, t->iter);
	if (!length)
		return -EFAULT;
	nr = take_batch(t, address, 1, &page);
	if (nr < 0)
		return nr;
	kaddr = kmap_local_page(page);
	store_word(kaddr + offset_in_page(address), &word, length);
	flush_dcache_page(page);
	kunmap_local(kaddr);
	sync_instructions(t, address, &page, length);
	unpin_user_pages_dirty_lock(&page, 1, true);
	return length;
}

static bool is_word(unsigned long address, size_t length)
{
	return length <= sizeof(u64) && is_power_of_2(length) && IS_ALIGNED(address, length);
}

/**
 * memrw_transfer() - move bytes between an mm and the caller
 * @mm: the target; the caller holds a reference to its memory (mmget())
 * @address: in the target
 * @iter: the caller's side; its direction is that of the transfer, its count
 *	the length, and it is advanced by what was moved
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 *
 * Allocates nothing.  A transfer of 1, 2, 4 or 8 bytes at a multiple of its
 * length is one access to the target's memory.
 *
 * Context: may sleep; holds no lock while it touches the caller's buffer.
 * Return: the bytes moved, from the start of the range, or, if there were
 * none, -EIO, -EFAULT, -EINTR or -ENOMEM.
 */
ssize_t memrw_transfer(struct mm_struct *mm, unsigned long address, struct iov_iter *iter,
		       u32 flags)
{
	bool write = iov_iter_rw(iter) == ITER_SOURCE;
	bool no_populate = !write && flags & MEMRW_NO_POPULATE;
	size_t length = iov_iter_count(iter);
	struct transfer t = {
		.mm = mm,
		.iter = iter,
		.write = write,
		.no_populate = no_populate,
		.gup_flags = FOLL_INTERRUPTIBLE | (write ? FOLL_WRITE : 0) |
			     (no_populate ? FOLL_DUMP : 0) |
			     (flags & MEMRW_FORCE ? FOLL_FORCE : 0),
	};

	if (!length)
		return 0;
	address = compat_untagged_addr(address);
	if (address >= TASK_SIZE_MAX)
		return -EIO;
	if (is_word(address, length))
		return write ? write_word(&t, address, length) : read_word(&t, address, length);

	iov_iter_truncate(iter, TASK_SIZE_MAX - address);
	return transfer_range(&t, address);
}
