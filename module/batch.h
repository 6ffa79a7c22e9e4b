/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_BATCH_H
#define MEMRW_BATCH_H

#include <linux/types.h>

struct memrw_segment;
struct mm_struct;

ssize_t memrw_batch(struct mm_struct *mm, struct memrw_segment __user *segments, u32 count,
		    bool write, u32 flags);

#endif /* MEMRW_BATCH_H */
