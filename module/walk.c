// SPDX-License-Identifier: GPL-2.0-only
/*
 * The short way to the target's memory: a walk through its page tables.
 *
 * get_user_pages() finds any memory, and brings it in where it has to, but
 * needs several hundred instructions a page for that.  Most of what is read
 * and written is there: private anonymous memory that the target uses.  A walk
 * finds that, and nothing else: where anything is unusual, it finds nothing,
 * and the caller asks get_user_pages().
 *
 * What it finds is stable while the lock of its page table is held, as it is
 * for the kernel's own code that changes page tables: such a page is neither
 * freed, nor moved, nor made read-only for a fork() in between.  So a word is
 * read or written under that lock alone, without a reference to its page; and
 * a write there is the same as one of the target's own through its page table,
 * which has to allow it.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "icache.h"
#include "walk.h"

/*
 * Private memory of no special kind, in which pages may be anonymous.  What is
 * shared is left out also because the caller may have it mapped, too: then the
 * order counts in which a batch reads and writes.
 */
static bool is_walkable(const struct memrw_walk *walk, const struct vm_area_struct *vma)
{
	if (vma->vm_flags & (VM_IO | VM_PFNMAP | VM_MIXEDMAP | VM_HUGETLB | VM_MAYSHARE))
		return false;
	if (!walk->write)
		return vma->vm_flags & VM_READ;
	if (vma->vm_flags & VM_EXEC && !memrw_icache_is_coherent())
		return false;
	return vma->vm_flags & VM_WRITE && !(vma->vm_flags & VM_SHADOW_STACK);
}

static __always_inline bool find_region(struct memrw_walk *walk, unsigned long address)
{
	struct vm_area_struct *vma = walk->vma;

	if (!vma || address < vma->vm_start || address >= vma->vm_end) {
		vma = vma_lookup(walk->mm, address);
		if (vma && !is_walkable(walk, vma))
			vma = NULL;
		walk->vma = vma;
	}
	return vma;
}

static pmd_t *find_pmd(struct mm_struct *mm, unsigned long address)
{
	pgd_t *pgd = pgd_offset(mm, address);
	p4d_t *p4d;
	pud_t *pud;

	if (pgd_none(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, address);
	if (p4d_none(*p4d))
		return NULL;
	pud = pud_offset(p4d, address);
	/* A huge page of this size is "bad" as a table. */
	if (pud_none(*pud) || unlikely(pud_bad(*pud)))
		return NULL;
	return pmd_offset(pud, address);
}

/**
 * memrw_walk_finds_hole() - whether there is nothing at an address
 * @mm: whose
 * @address: in a region of it, which is not hugetlb's
 *
 * Return: whether the page tables have nothing there: no page, and none that was
 * swapped out, is being moved or is broken, nor a guard.
 *
 * Context: the mmap_lock is held.
 */
bool memrw_walk_finds_hole(struct mm_struct *mm, unsigned long address)
{
	pmd_t *pmd = find_pmd(mm, address), seen;
	bool hole;

	if (!pmd)
		return true;
	/* The table may be freed, but then by RCU: see enter(). */
	rcu_read_lock();
	seen = READ_ONCE(*pmd);
	if (pmd_none(seen))
		hole = true;
	else if (!pmd_present(seen) || pmd_trans_huge(seen) || pmd_bad(seen))
		hole = false;	/* a huge page, or one that is being moved */
	else
		hole = pte_none(ptep_get(pte_offset_kernel(&seen, address)));
	rcu_read_unlock();
	return hole;
}

/* As it was in @seen, unlocked; then the walk is in that place, and has its lock. */
static __always_inline bool lock_place(struct memrw_walk *walk, pmd_t *pmd, pmd_t seen,
				       spinlock_t *lock, unsigned long address)
{
	spin_lock(lock);
	if (unlikely(!pmd_same(READ_ONCE(*pmd), seen))) {
		spin_unlock(lock);
		return false;
	}
	__release(lock);	/* for sparse: memrw_walk_leave() unlocks it */
	walk->lock = lock;
	walk->start = max(address & PMD_MASK, walk->vma->vm_start);
	/* Not pmd_addr_end(), which goes by the one before the end. */
	walk->end = min((address & PMD_MASK) + PMD_SIZE, walk->vma->vm_end);
	return true;
}

static bool enter_huge_page(struct memrw_walk *walk, pmd_t *pmd, pmd_t seen,
			    unsigned long address)
{
	if (!pmd_present(seen) || pmd_protnone(seen))
		return false;
	if (walk->write && !(pmd_write(seen) && pmd_dirty(seen)))
		return false;
	walk->table = NULL;
	walk->huge = pmd_page(seen);
	return lock_place(walk, pmd, seen, pmd_lockptr(walk->mm, pmd), address);
}

static bool enter_table(struct memrw_walk *walk, pmd_t *pmd, pmd_t seen, unsigned long address)
{
	if (pmd_none(seen) || unlikely(pmd_bad(seen)))
		return false;
	walk->table = pte_offset_kernel(&seen, address & PMD_MASK);
	return lock_place(walk, pmd, seen, pte_lockptr(walk->mm, &seen), address);
}

/*
 * A table may be freed under the mmap_lock, too.  But then by RCU, after it was
 * taken out of @pmd under its own lock: what is in @pmd when that lock has been
 * taken stays there.
 */
static bool enter(struct memrw_walk *walk, unsigned long address)
{
	pmd_t *pmd, seen;
	bool entered;

	memrw_walk_leave(walk);
	if (!find_region(walk, address))
		return false;
	pmd = find_pmd(walk->mm, address);
	if (!pmd)
		return false;
	rcu_read_lock();
	seen = READ_ONCE(*pmd);
	if (pmd_trans_huge(seen))
		entered = enter_huge_page(walk, pmd, seen, address);
	else
		entered = enter_table(walk, pmd, seen, address);
	rcu_read_unlock();
	return entered;
}

static __always_inline bool is_usable(const struct memrw_walk *walk, pte_t pte)
{
	if (!pte_present(pte) || pte_protnone(pte) || pte_special(pte))
		return false;
	return !walk->write || (pte_write(pte) && pte_dirty(pte));
}

/* The page at @address, where the walk is. */
static __always_inline struct page *find_page(const struct memrw_walk *walk, unsigned long address)
{
	struct page *page;
	pte_t pte;

	if (walk->table) {
		pte = ptep_get(walk->table + pte_index(address));
		if (!is_usable(walk, pte))
			return NULL;
		page = pte_page(pte);
	} else {
		page = walk->huge + ((address & ~PMD_MASK) >> PAGE_SHIFT);
	}
	return PageAnon(page) ? page : NULL;
}

static __always_inline struct page *walk_to(struct memrw_walk *walk, unsigned long address)
{
	if ((address < walk->start || address >= walk->end) && !enter(walk, address))
		return NULL;
	return find_page(walk, address);
}

/**
 * memrw_walk_find() - the kernel's address of the target's memory
 * @walk: the walk; goes to @address
 * @address: in the target
 *
 * Return: the address of what is at @address, up to the end of its page, which
 * may be read, and written to if the walk is for writing, until the walk goes
 * on; NULL where that is for get_user_pages() to find.
 *
 * Context: the mmap_lock is held; after this, until memrw_walk_leave(), so may
 * be a spinlock, and the caller must not sleep.
 */
void *memrw_walk_find(struct memrw_walk *walk, unsigned long address)
{
	struct page *page = walk_to(walk, address);

	return page ? page_address(page) + offset_in_page(address) : NULL;
}

/* From @address on, where the walk is, and @page: to the end of what is contiguous. */
static size_t contiguous(const struct memrw_walk *walk, unsigned long address)
{
	return (walk->table ? (address | ~PAGE_MASK) + 1 : walk->end) - address;
}

/**
 * memrw_walk_take() - take references to the target's pages, for reading
 * @walk: the walk; goes to @address and beyond
 * @address: in the target
 * @length: bytes
 * @runs: out: what was found, from @address on without a gap
 * @max: of the runs
 *
 * Return: how many runs; put_page() gives back the page of each.  0 where
 * @address is for get_user_pages() to find.
 *
 * Context: as memrw_walk_find().
 */
unsigned int memrw_walk_take(struct memrw_walk *walk, unsigned long address, size_t length,
			     struct memrw_run *runs, unsigned int max)
{
	unsigned int nr = 0;

	while (length && nr < max) {
		struct memrw_run *run = &runs[nr];

		run->page = walk_to(walk, address);
		if (!run->page || !try_get_page(run->page))
			break;
		run->offset = offset_in_page(address);
		run->length = min_t(size_t, length, contiguous(walk, address));
		address += run->length;
		length -= run->length;
		nr++;
	}
	return nr;
}

/**
 * memrw_walk_leave() - end a walk, or interrupt it
 * @walk: the walk; may go on elsewhere if the mmap_lock is held throughout
 */
void memrw_walk_leave(struct memrw_walk *walk)
{
	if (walk->end) {
		__acquire(walk->lock);
		spin_unlock(walk->lock);
		walk->start = 0;
		walk->end = 0;
	}
}
