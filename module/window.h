/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_WINDOW_H
#define MEMRW_WINDOW_H

#include <linux/types.h>

struct address_space;
struct memrw_window;
struct mm_struct;
struct vm_area_struct;

int memrw_window_map(struct vm_area_struct *vma, struct mm_struct *target, u32 flags);

struct memrw_window *memrw_window_of(const struct vm_area_struct *vma);
void memrw_window_put(struct memrw_window *window);
int memrw_window_sync(struct memrw_window *window, struct address_space *mapping,
		      unsigned long first, unsigned int nr, u64 *stale);

#endif /* MEMRW_WINDOW_H */
