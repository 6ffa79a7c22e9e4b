/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place that knows one kernel from another.  The rest of the module is
 * written for the newest; what follows makes older ones look like it.
 *
 * What a kernel has is asked of its headers: of a macro by #ifdef, of anything
 * else by MEMRW_HAVE_*, which Kbuild defines.  The releases in the comments are
 * those in which it appeared first.
 */
#ifndef MEMRW_COMPAT_H
#define MEMRW_COMPAT_H

#include <linux/version.h>

/* The first in which exec_update_lock is what it has been since. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 7)
#error "memrw needs Linux 5.10.7 or newer"
#endif

/*
 * A 32-bit one cannot load or store a word of 8 bytes in one access, and need not
 * have all of its memory at addresses of its own: page_address() has, here.
 */
#ifndef CONFIG_64BIT
#error "memrw needs a 64-bit kernel"
#endif

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/coredump.h>
#include <linux/slab.h>
#include <linux/uio.h>

/*
 * 5.12: a variable that is written to before it is read.  Kernels may be built to
 * clear all that are on the stack first, which of an array takes long.
 */
#ifndef __uninitialized
#define __uninitialized
#endif

/* 5.11, on arm64 */
#ifndef TASK_SIZE_MAX
#define TASK_SIZE_MAX	TASK_SIZE_64
#endif

/* 5.14, on arm64 */
#ifndef MEMRW_HAVE_icache_inval_all_pou
#define icache_inval_all_pou()	__flush_icache_all()
#endif

/*
 * On arm64 the top byte of an address is the program's, and the kernel passes
 * over it in what it is told by system calls.  (With x86's counterpart, LAM,
 * untagged_addr() goes by the caller's own settings, not by the target's.)
 */
#ifdef CONFIG_ARM64
#define compat_untagged_addr(address)	untagged_addr(address)
#else
#define compat_untagged_addr(address)	(address)
#endif

/* 5.14 */
#ifndef MEMRW_HAVE_vma_lookup
static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long address)
{
	struct vm_area_struct *vma = find_vma(mm, address);

	return vma && vma->vm_start <= address ? vma : NULL;
}
#endif

/*
 * 6.2: what is pinned for long, to be read, becomes the process's own page first.
 * Before, it may be one that it shares with others, or one of zeros, and would
 * get another for when it writes: so it gets that now, where it may write.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static inline unsigned int compat_foll_unshare(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_WRITE && !(vma->vm_flags & VM_MAYSHARE) ? FOLL_WRITE : 0;
}
#else
#define compat_foll_unshare(vma)	0
#endif

/* 6.3 */
#ifndef MEMRW_HAVE_vm_flags_mod
static inline void vm_flags_mod(struct vm_area_struct *vma, unsigned long set,
				unsigned long clear)
{
	vma->vm_flags |= set;
	vma->vm_flags &= ~clear;
}
#endif

/*
 * Mappings of pages that are not the process's own.  Before 5.18, who pins such
 * memory of a mixed one, as process_vm_readv(2) does, is told that there is a page,
 * and given none: there it has to be one of mere numbers, which nobody may pin, and
 * which mmap() and madvise() do not populate.  Up to 6.17 a number of a mixed one
 * has a type of its own.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 18, 0)
#define COMPAT_VM_WINDOW	VM_PFNMAP
#define compat_insert_page(vma, address, page)	\
	vmf_insert_pfn(vma, address, page_to_pfn(page))
#elif defined(MEMRW_HAVE_pfn_to_pfn_t)
#include <linux/pfn_t.h>

#define COMPAT_VM_WINDOW	VM_MIXEDMAP
#define compat_insert_page(vma, address, page)	\
	vmf_insert_mixed(vma, address, page_to_pfn_t(page))
#else
#define COMPAT_VM_WINDOW	VM_MIXEDMAP
#define compat_insert_page(vma, address, page)	\
	vmf_insert_mixed(vma, address, page_to_pfn(page))
#endif

/* 6.6: memory of a processor's, not of a program's. */
#ifndef VM_SHADOW_STACK
#define VM_SHADOW_STACK	0
#endif

/* 6.2.  Before, a wait for the target's memory ends by a fatal signal only. */
#ifndef MEMRW_HAVE_FOLL_INTERRUPTIBLE
#define FOLL_INTERRUPTIBLE	0
#endif

/* 6.5: came with the change that took the argument vmas away. */
#ifndef MEMRW_HAVE_get_user_page_vma_remote
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

/* 6.2: a direction of an iterator. */
#ifndef ITER_DEST
#define ITER_DEST	READ
#define ITER_SOURCE	WRITE
#endif

/* 6.6, both */
#ifndef MEMRW_HAVE_vma_is_initial_heap
static inline bool vma_is_initial_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->brk && vma->vm_end >= vma->vm_mm->start_brk;
}

static inline bool vma_is_initial_stack(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->start_stack && vma->vm_end >= vma->vm_mm->start_stack;
}
#endif

/*
 * 6.7 and 6.8: a file that overlayfs maps has a path and an inode to show that
 * are not its own.  Where these are missing, /proc/PID/maps shows its own, too.
 */
#ifndef MEMRW_HAVE_file_user_path
static inline const struct path *file_user_path(struct file *f)
{
	return &f->f_path;
}
#endif

#ifndef MEMRW_HAVE_file_user_inode
static inline const struct inode *file_user_inode(struct file *f)
{
	return file_inode(f);
}
#endif

/* 7.0 */
#ifndef kzalloc_obj
#define kzalloc_obj(object, flags)	kzalloc(sizeof(object), flags)
#endif

/* 6.0: what the flags of open(2) give to each iocb. */
#ifdef MEMRW_HAVE_f_iocb_flags
#define compat_file_iocb_flags(file)	((file)->f_iocb_flags)
#else
#define compat_file_iocb_flags(file)	iocb_flags(file)
#endif

/* 6.12: a file says by its operations that its offset is unsigned. */
#ifdef FOP_UNSIGNED_OFFSET
#define COMPAT_UNSIGNED_OFFSET_FMODE	((__force fmode_t)0)
#define COMPAT_UNSIGNED_OFFSET_FOP	.fop_flags = FOP_UNSIGNED_OFFSET,
#else
#define COMPAT_UNSIGNED_OFFSET_FMODE	FMODE_UNSIGNED_OFFSET
#define COMPAT_UNSIGNED_OFFSET_FOP
#endif

/*
 * How much the last execve() of @task allows others: kept in the task from 7.2
 * on, in its @mm before.  The kernel's own accessor is not exported.
 */
#ifdef MEMRW_HAVE_task_exec_state
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

/*
 * 5.13: a child of fork(2) does not inherit the event, and execve(2) removes it.  Before,
 * it stays until who has asked for it lets go of it.
 */
#ifdef MEMRW_HAVE_inherit_thread
#define compat_end_with_process(attr)	\
	((attr)->inherit_thread = 1, (attr)->remove_on_exec = 1)
#else
#define compat_end_with_process(attr)	((void)(attr))
#endif

/* Where a thread's breakpoints are; 6.2: where all of perf's events are. */
#ifdef MEMRW_HAVE_perf_event_pmu_context
#define compat_breakpoint_context(thread)	READ_ONCE((thread)->perf_event_ctxp)
#else
#define compat_breakpoint_context(thread)	\
	READ_ONCE((thread)->perf_event_ctxp[perf_sw_context])
#endif

/* The kernel's own anon_vma_name() is not exported. */
static inline const char *compat_anon_name(const struct vm_area_struct *vma)
{
#ifdef CONFIG_ANON_VMA_NAME
	/* Up to 6.1 in a union with what a file's regions need: those have no name there. */
	if (vma->vm_file && offsetof(struct vm_area_struct, anon_name) ==
			    offsetof(struct vm_area_struct, shared))
		return NULL;
	return vma->anon_name ? vma->anon_name->name : NULL;
#else
	return NULL;
#endif
}

#endif /* MEMRW_COMPAT_H */
