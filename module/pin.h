/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_PIN_H
#define MEMRW_PIN_H

#include <linux/types.h>

struct memrw_view;
struct mm_struct;
struct page;
struct xarray;

long memrw_pin(const struct memrw_view *view, struct xarray *pinned, unsigned long index,
	       unsigned long max, struct page **pages);
int memrw_pin_find_stale(struct mm_struct *mm, struct xarray *pinned, unsigned long first,
			 unsigned int nr, u64 *stale);

#endif /* MEMRW_PIN_H */
