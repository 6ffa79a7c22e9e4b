/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_HIT_RING_H
#define MEMRW_HIT_RING_H

#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct memrw_hit_ring;

struct memrw_hit_ring *memrw_hit_ring_create(u32 capacity);
void memrw_hit_ring_free(struct memrw_hit_ring *ring);

struct memrw_watch_hit *memrw_hit_ring_reserve(struct memrw_hit_ring *ring);
void memrw_hit_ring_commit(struct memrw_watch_hit *hit);

const struct memrw_watch_hit *memrw_hit_ring_first(struct memrw_hit_ring *ring);
void memrw_hit_ring_drop_first(struct memrw_hit_ring *ring);

u64 memrw_hit_ring_take_lost(struct memrw_hit_ring *ring);

#endif /* MEMRW_HIT_RING_H */
