/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_TRANSFER_H
#define MEMRW_TRANSFER_H

#include <linux/types.h>

struct iov_iter;
struct mm_struct;

ssize_t memrw_transfer(struct mm_struct *mm, unsigned long address, void __user *buffer,
		       size_t length, bool write, u32 flags);
ssize_t memrw_transfer_iter(struct mm_struct *mm, unsigned long address, struct iov_iter *iter,
			    bool nowait, u32 flags);

#endif /* MEMRW_TRANSFER_H */
