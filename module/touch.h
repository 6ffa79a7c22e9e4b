/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_TOUCH_H
#define MEMRW_TOUCH_H

#include <linux/types.h>
#include <linux/uaccess.h>

struct memrw_view;

/*
 * What is done to the target's memory: @length bytes at @memory, all within one
 * page.  Must not sleep.
 */
typedef void memrw_touch_fn(void *memory, size_t length, void *data);

int memrw_touch(const struct memrw_view *view, unsigned long address, size_t length,
		memrw_touch_fn *fn, void *data);

void memrw_load(void *memory, size_t length, void *data);
void memrw_store(void *memory, size_t length, void *data);

/*
 * After a copy of @length bytes between the caller and the kernel that left
 * @left: what is left when each byte has been tried.  Where a buffer ends, an
 * architecture may copy nothing of a block, of up to 64 bytes on arm64, that is
 * not all there.
 */
unsigned long memrw_copy_rest_in(void *to, const void __user *from, size_t length, size_t left);
unsigned long memrw_copy_rest_out(void __user *to, const void *from, size_t length, size_t left);

/*
 * Between the caller and a buffer of the kernel's for what is touched: what is
 * left of @length, which is what the caller's buffer cannot take or give.  The
 * kernel checks a length that the compiler does not know against the bounds of
 * the kernel's buffer, which takes longer than all the rest.
 */
static __always_inline unsigned long memrw_copy_in(void *to, const void __user *from,
						   size_t length)
{
	unsigned long left;

	switch (length) {
	case sizeof(u32):
		left = copy_from_user(to, from, sizeof(u32));
		break;
	case sizeof(u64):
		left = copy_from_user(to, from, sizeof(u64));
		break;
	default:
		left = copy_from_user(to, from, length);
		break;
	}
	return unlikely(left) ? memrw_copy_rest_in(to, from, length, left) : 0;
}

static __always_inline unsigned long memrw_copy_out(void __user *to, const void *from,
						    size_t length)
{
	unsigned long left;

	switch (length) {
	case sizeof(u32):
		left = copy_to_user(to, from, sizeof(u32));
		break;
	case sizeof(u64):
		left = copy_to_user(to, from, sizeof(u64));
		break;
	default:
		left = copy_to_user(to, from, length);
		break;
	}
	return unlikely(left) ? memrw_copy_rest_out(to, from, length, left) : 0;
}

#endif /* MEMRW_TOUCH_H */
