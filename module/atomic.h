/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_ATOMIC_H
#define MEMRW_ATOMIC_H

#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct mm_struct;

int memrw_atomic_run(struct mm_struct *mm, struct memrw_atomic *atomic, u32 flags);

#endif /* MEMRW_ATOMIC_H */
