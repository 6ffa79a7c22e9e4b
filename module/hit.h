/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_HIT_H
#define MEMRW_HIT_H

#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct pt_regs;

/*
 * struct memrw_hit_access - what makes a hit; as in struct memrw_watch_hit
 * @flags: MEMRW_HIT_*
 */
struct memrw_hit_access {
	u32 flags;
	u64 ip;
	u64 before;
	u64 value;
};

bool memrw_hit_read_value(u64 address, unsigned int length, u64 *value);
void memrw_hit_describe_thread(struct memrw_watch_hit *hit, const struct pt_regs *regs);

#endif /* MEMRW_HIT_H */
