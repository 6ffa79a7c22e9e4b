// SPDX-License-Identifier: GPL-2.0-only
/*
 * Little pieces of the target's memory, touched where they are.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "compat.h"
#include "pages.h"
#include "touch.h"
#include "walk.h"

/* Called with the mmap_lock held. */
static bool touch_present(const struct memrw_view *view, unsigned long address, size_t length,
			  memrw_touch_fn *fn, void *data)
{
	struct memrw_walk walk __uninitialized;
	void *memory;

	memrw_walk_begin(&walk, view->mm, view->write);
	memory = memrw_walk_find(&walk, address);
	if (memory) {
		fn(memory, length, data);
		if (view->write)
			flush_dcache_page(virt_to_page(memory));
	}
	memrw_walk_leave(&walk);
	return memory;
}

/*
 * Where get_user_pages() has brought in what is written to, the target's page
 * table mostly allows that now.  A write by that way is sure to be in the page
 * that the target sees, where before Linux 5.19 it may have got another one
 * though this one is pinned.
 */
static bool touch_again(const struct memrw_view *view, unsigned long address, size_t length,
			memrw_touch_fn *fn, void *data)
{
	bool touched;

	if (!view->write || memrw_pages_lock(view))
		return false;
	touched = touch_present(view, address, length, fn, data);
	mmap_read_unlock(view->mm);
	return touched;
}

static void touch_page(const struct memrw_view *view, struct page *page, unsigned long address,
		       size_t length, memrw_touch_fn *fn, void *data)
{
	fn(page_address(page) + offset_in_page(address), length, data);
	if (view->write) {
		flush_dcache_page(page);
		memrw_pages_written(view, address, &page, length);
	}
}

/* Called with the mmap_lock held, which it drops. */
static int touch_any(const struct memrw_view *view, unsigned long address, size_t length,
		     memrw_touch_fn *fn, void *data)
{
	struct page *page;
	long nr;

	nr = memrw_pages_take(view, vma_lookup(view->mm, address), address, 1, &page);
	if (nr < 0)
		return nr;
	if (!nr) {
		fn(page_address(ZERO_PAGE(0)), length, data);
		return 0;
	}
	if (!touch_again(view, address, length, fn, data))
		touch_page(view, page, address, length, fn, data);
	memrw_pages_release(view, &page, 1);
	return 0;
}

/**
 * memrw_touch() - do something to memory of the target
 * @view: how
 * @address: in the target
 * @length: bytes, which must not cross the end of a page
 * @fn: what to do
 * @data: for @fn
 *
 * Context: may sleep; @fn must not, and must not touch the caller's memory.
 * Return: 0 when it is done, or -EIO, -EINTR, -ENOMEM or -EAGAIN.
 */
int memrw_touch(const struct memrw_view *view, unsigned long address, size_t length,
		memrw_touch_fn *fn, void *data)
{
	int err;

	err = memrw_pages_lock(view);
	if (err)
		return err;
	if (touch_present(view, address, length, fn, data)) {
		mmap_read_unlock(view->mm);
		return 0;
	}
	return touch_any(view, address, length, fn, data);
}

/**
 * memrw_load() - from the target's memory to @data, as memrw_touch() is to do it
 * @memory: the target's
 * @length: bytes
 * @data: where to
 *
 * One access for 1, 2, 4 or 8 bytes at a multiple of their number.
 */
void memrw_load(void *memory, size_t length, void *data)
{
	if (!IS_ALIGNED((unsigned long)memory, length)) {
		memcpy(data, memory, length);
		return;
	}
	switch (length) {
	case 1:
		*(u8 *)data = READ_ONCE(*(u8 *)memory);
		break;
	case 2:
		*(u16 *)data = READ_ONCE(*(u16 *)memory);
		break;
	case 4:
		*(u32 *)data = READ_ONCE(*(u32 *)memory);
		break;
	case 8:
		*(u64 *)data = READ_ONCE(*(u64 *)memory);
		break;
	default:
		memcpy(data, memory, length);
		break;
	}
}

/**
 * memrw_store() - from @data to the target's memory
 * @memory: the target's
 * @length: bytes
 * @data: where from
 *
 * As memrw_load().
 */
void memrw_store(void *memory, size_t length, void *data)
{
	if (!IS_ALIGNED((unsigned long)memory, length)) {
		memcpy(memory, data, length);
		return;
	}
	switch (length) {
	case 1:
		WRITE_ONCE(*(u8 *)memory, *(u8 *)data);
		break;
	case 2:
		WRITE_ONCE(*(u16 *)memory, *(u16 *)data);
		break;
	case 4:
		WRITE_ONCE(*(u32 *)memory, *(u32 *)data);
		break;
	case 8:
		WRITE_ONCE(*(u64 *)memory, *(u64 *)data);
		break;
	default:
		memcpy(memory, data, length);
		break;
	}
}

unsigned long memrw_copy_rest_in(void *to, const void __user *from, size_t length, size_t left)
{
	u8 byte;

	for (; left && !get_user(byte, (const u8 __user *)from + length - left); left--)
		((u8 *)to)[length - left] = byte;
	return left;
}

unsigned long memrw_copy_rest_out(void __user *to, const void *from, size_t length, size_t left)
{
	const u8 *bytes = from;

	while (left && !put_user(bytes[length - left], (u8 __user *)to + length - left))
		left--;
	return left;
}
