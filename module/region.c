// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk over the regions (VMAs) of a target, one call a region.
 *
 * What is told of each is what show_map_vma() in fs/proc/task_mmu.c prints.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "compat.h"
#include "region.h"

static u32 region_properties(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & VM_READ ? MEMRW_REGION_READ : 0) |
	       (vma->vm_flags & VM_WRITE ? MEMRW_REGION_WRITE : 0) |
	       (vma->vm_flags & VM_EXEC ? MEMRW_REGION_EXEC : 0) |
	       (vma->vm_flags & VM_MAYSHARE ? MEMRW_REGION_SHARED : 0);
}

static void describe_file(struct memrw_query_region *region, const struct vm_area_struct *vma)
{
	const struct inode *inode = file_user_inode(vma->vm_file);

	region->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	region->inode = inode->i_ino;
	region->device_major = MAJOR(inode->i_sb->s_dev);
	region->device_minor = MINOR(inode->i_sb->s_dev);
}

/* Into @buffer, the name of a region that is not its file's path; "" if it has none. */
static void special_name(struct vm_area_struct *vma, char *buffer)
{
	const char *anon = compat_anon_name(vma);
	const char *name = NULL;

	if (vma->vm_file) {
		if (anon)
			snprintf(buffer, MEMRW_REGION_NAME_MAX, "[anon_shmem:%s]", anon);
		return;
	}
	if (vma->vm_ops && vma->vm_ops->name)
		name = vma->vm_ops->name(vma);
	if (!name && vma_is_initial_heap(vma))
		name = "[heap]";
	if (!name && vma_is_initial_stack(vma))
		name = "[stack]";
	if (name)
		strscpy(buffer, name, MEMRW_REGION_NAME_MAX);
	else if (anon)
		snprintf(buffer, MEMRW_REGION_NAME_MAX, "[anon:%s]", anon);
}

/* Fill in @region; return its file, with a reference, if its name is a path. */
static struct file *describe(struct memrw_query_region *region, struct vm_area_struct *vma,
			     char *buffer)
{
	region->start = vma->vm_start;
	region->end = vma->vm_end;
	region->properties = region_properties(vma);
	if (vma->vm_file)
		describe_file(region, vma);
	special_name(vma, buffer);
	return vma->vm_file && !*buffer ? get_file(vma->vm_file) : NULL;
}

/**
 * memrw_region_query() - the region at an address, or the next one after it
 * @mm: the target; the caller holds a reference to its memory (mmget())
 * @address: in the target
 * @region: out: all but the header and the name; the caller has zeroed it
 * @buffer: MEMRW_REGION_NAME_MAX bytes to put the name together in
 * @name: out: the name, somewhere in @buffer; "" for none, and for a path that
 *	is longer than the buffer
 *
 * Context: may sleep; the path is made after the target's lock was dropped.
 * Return: 0, -EIO (no region there) or -EINTR.
 */
int memrw_region_query(struct mm_struct *mm, unsigned long address,
		       struct memrw_query_region *region, char *buffer, const char **name)
{
	struct vm_area_struct *vma;
	struct file *file;

	*buffer = '\0';
	*name = buffer;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, compat_untagged_addr(address));
	if (!vma) {
		mmap_read_unlock(mm);
		return -EIO;
	}
	file = describe(region, vma, buffer);
	mmap_read_unlock(mm);

	if (file) {
		char *path = d_path(file_user_path(file), buffer, MEMRW_REGION_NAME_MAX);

		*name = IS_ERR(path) ? "" : path;
		fput(file);
	}
	return 0;
}
