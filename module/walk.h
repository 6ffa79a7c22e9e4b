/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_WALK_H
#define MEMRW_WALK_H

#include <linux/mm_types.h>
#include <linux/types.h>

/*
 * struct memrw_walk - a place in the page tables of an mm
 * @mm: whose they are; its mmap_lock is held as long as the walk lasts
 * @write: whether what is found is to be written to
 * @vma: the region of the place, or NULL
 * @start: of what is mapped by the place's table, or is its huge page, in @vma
 * @end: likewise; 0 where the walk is in no place
 * @lock: of that table or huge page; held unless @end is 0
 * @table: the place's last-level table, or NULL for a huge page
 * @huge: the huge page
 */
struct memrw_walk {
	struct mm_struct *mm;
	bool write;
	struct vm_area_struct *vma;
	unsigned long start;
	unsigned long end;
	spinlock_t *lock;	/* not the walk's own */
	pte_t *table;
	struct page *huge;
};

/* struct memrw_run - contiguous memory of the target, to which a reference is held */
struct memrw_run {
	struct page *page;
	u32 offset;		/* from the start of @page */
	u32 length;		/* bytes; more than a page's where it is a huge one */
};

/* A walk for reading, or for writing.  Not an initializer, which would clear all of it. */
static inline void memrw_walk_begin(struct memrw_walk *walk, struct mm_struct *mm, bool write)
{
	walk->mm = mm;
	walk->write = write;
	walk->vma = NULL;
	walk->start = 0;
	walk->end = 0;
}

void *memrw_walk_find(struct memrw_walk *walk, unsigned long address);
unsigned int memrw_walk_take(struct memrw_walk *walk, unsigned long address, size_t length,
			     struct memrw_run *runs, unsigned int max);
void memrw_walk_leave(struct memrw_walk *walk);
bool memrw_walk_finds_hole(struct mm_struct *mm, unsigned long address);

#endif /* MEMRW_WALK_H */
