/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place that knows a kernel version.  The rest of the module is
 * written for the newest kernel; what follows makes older ones look like it.
 */
#ifndef MEMRW_COMPAT_H
#define MEMRW_COMPAT_H

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/coredump.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define kmap_local_page(page)	kmap_atomic(page)
#define kunmap_local(address)	kunmap_atomic(address)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
/* A wait for the target's memory ends by a fatal signal only. */
#define FOLL_INTERRUPTIBLE	0
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
static inline long compat_get_user_pages_remote(struct mm_struct *mm, unsigned long start,
						unsigned long nr_pages, unsigned int gup_flags,
						struct page **pages, int *locked)
{
	return get_user_pages_remote(mm, start, nr_pages, gup_flags, pages, NULL, locked);
}

#define get_user_pages_remote compat_get_user_pages_remote

static inline long compat_pin_user_pages_remote(struct mm_struct *mm, unsigned long start,
						unsigned long nr_pages, unsigned int gup_flags,
						struct page **pages, int *locked)
{
	return pin_user_pages_remote(mm, start, nr_pages, gup_flags, pages, NULL, locked);
}

#define pin_user_pages_remote compat_pin_user_pages_remote
#endif

/* A direction of an iterator; stable kernels took the names over, too. */
#ifndef ITER_DEST
#define ITER_DEST	READ
#define ITER_SOURCE	WRITE
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
/*
 * A macro, because the iterator points at the iovec for as long as it is
 * used: a compound literal lives to the end of the caller's block.
 */
#define import_ubuf(rw, buf, len, iter) \
	import_single_range(rw, buf, len, &(struct iovec){}, iter)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline bool vma_is_initial_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->brk && vma->vm_end >= vma->vm_mm->start_brk;
}

static inline bool vma_is_initial_stack(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->start_stack && vma->vm_end >= vma->vm_mm->start_stack;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
static inline const struct path *file_user_path(struct file *f)
{
	return &f->f_path;
}

static inline const struct inode *file_user_inode(struct file *f)
{
	return file_inode(f);
}
#endif

#ifndef kzalloc_obj
#define kzalloc_obj(object, flags)	kzalloc(sizeof(object), flags)
#endif

/* From 6.12 on a file says by its operations that its offset is unsigned. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define COMPAT_UNSIGNED_OFFSET_FMODE	FMODE_UNSIGNED_OFFSET
#define COMPAT_UNSIGNED_OFFSET_FOP
#else
#define COMPAT_UNSIGNED_OFFSET_FMODE	((__force fmode_t)0)
#define COMPAT_UNSIGNED_OFFSET_FOP	.fop_flags = FOP_UNSIGNED_OFFSET,
#endif

/*
 * How much the last execve() of @task allows others: kept in the task from 7.2
 * on, in its @mm before.  The kernel's own accessor is not exported.
 */
#ifdef MEMRW_HAVE_EXEC_STATE
#include <linux/sched/exec_state.h>

static inline bool compat_dumpable_by_owner(struct task_struct *task, struct mm_struct *mm)
{
	bool dumpable;

	rcu_read_lock();
	dumpable = READ_ONCE(rcu_dereference(task->exec_state)->dumpable) == TASK_DUMPABLE_OWNER;
	rcu_read_unlock();
	return dumpable;
}

static inline bool compat_exec_capable(struct task_struct *task, struct mm_struct *mm, int cap)
{
	bool capable;

	rcu_read_lock();
	capable = ns_capable(rcu_dereference(task->exec_state)->user_ns, cap);
	rcu_read_unlock();
	return capable;
}
#else
static inline bool compat_dumpable_by_owner(struct task_struct *task, struct mm_struct *mm)
{
	return get_dumpable(mm) == SUID_DUMP_USER;
}

static inline bool compat_exec_capable(struct task_struct *task, struct mm_struct *mm, int cap)
{
	return ns_capable(mm->user_ns, cap);
}
#endif

/* The kernel's own anon_vma_name() is not exported. */
static inline const char *compat_anon_name(const struct vm_area_struct *vma)
{
#ifdef CONFIG_ANON_VMA_NAME
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	/* In a union with what a file's regions need: theirs cannot be named yet. */
	if (vma->vm_file)
		return NULL;
#endif
	return vma->anon_name ? vma->anon_name->name : NULL;
#else
	return NULL;
#endif
}

#endif /* MEMRW_COMPAT_H */
