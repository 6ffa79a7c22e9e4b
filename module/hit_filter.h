/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_HIT_FILTER_H
#define MEMRW_HIT_FILTER_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <uapi/linux/memrw.h>

#define MEMRW_HIT_FILTER_IPS_BITS	9

struct memrw_hit_access;

/*
 * struct memrw_hit_filter - which hits are wanted, and what that depends on
 * @set: what the caller has asked for
 * @passed: how many hits were wanted but for @set.every
 * @ips: the instructions that have hit, for MEMRW_WATCH_ONCE_PER_IP; 0 where there is none
 */
struct memrw_hit_filter {
	struct memrw_set_watch set;
	atomic64_t passed;
	unsigned long ips[1 << MEMRW_HIT_FILTER_IPS_BITS];
};

int memrw_hit_filter_init(struct memrw_hit_filter *filter, const struct memrw_set_watch *set);
bool memrw_hit_filter_passes(struct memrw_hit_filter *filter,
			     const struct memrw_hit_access *access);

#endif /* MEMRW_HIT_FILTER_H */
