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
 * Between the caller and a buffer of the kernel's for what is touched: what is
 * left of @length.  The kernel checks a length that the compiler does not know
 * against the bounds of the buffer, which takes longer than all the rest.
 */
static __always_inline unsigned long memrw_copy_in(void *to, const void __user *from,
						   size_t length)
{
	switch (length) {
	case sizeof(u32):
		return copy_from_user(to, from, sizeof(u32));
	case sizeof(u64):
		return copy_from_user(to, from, sizeof(u64));
	default:
		return copy_from_user(to, from, length);
	}
}

static __always_inline unsigned long memrw_copy_out(void __user *to, const void *from,
						    size_t length)
{
	switch (length) {
	case sizeof(u32):
		return copy_to_user(to, from, sizeof(u32));
	case sizeof(u64):
		return copy_to_user(to, from, sizeof(u64));
	default:
		return copy_to_user(to, from, length);
	}
}

#endif /* MEMRW_TOUCH_H */
