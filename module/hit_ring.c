// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hits on their way from where they happen to who reads them.
 *
 * Hits happen on all processors at once, and within each other as interrupts do, even
 * those that cannot be masked: so they never wait for one another.  Each takes the
 * next place with one compare-and-exchange, fills it, and then says that it is full.
 * A place's turn tells whose it is: that of who puts something in when it is the number
 * of its next hit, and that of the one reader when it is one more.
 *
 * Where there is no place, the hit is counted, and who comes next takes the count along.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "hit_ring.h"

struct place {
	struct memrw_watch_hit hit;
	unsigned long turn;
};

struct memrw_hit_ring {
	unsigned long mask;
	unsigned long first;		/* the number of the hit to be read next */
	atomic_long_t next;		/* the number of the hit to come next */
	atomic64_t lost;
	struct place places[];
};

static struct place *place_of(struct memrw_hit_ring *ring, unsigned long number)
{
	return &ring->places[number & ring->mask];
}

/* @capacity is a power of two, and not 1. */
struct memrw_hit_ring *memrw_hit_ring_create(u32 capacity)
{
	struct memrw_hit_ring *ring;
	u32 i;

	ring = kvzalloc(struct_size(ring, places, capacity), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return NULL;
	ring->mask = capacity - 1;
	for (i = 0; i < capacity; i++)
		ring->places[i].turn = i;
	return ring;
}

void memrw_hit_ring_free(struct memrw_hit_ring *ring)
{
	kvfree(ring);
}

/*
 * The time is one at which the place before was taken and this one was not: hits are in
 * the order of their times.
 */
static bool take_place(struct memrw_hit_ring *ring, unsigned long *number, u64 *time)
{
	long turn;

	*number = atomic_long_read(&ring->next);
	for (;;) {
		*time = ktime_get_mono_fast_ns();
		/* Pairs with the release by who has read what was there. */
		turn = smp_load_acquire(&place_of(ring, *number)->turn) - *number;
		if (turn < 0)
			return false;
		if (turn > 0)
			*number = atomic_long_read(&ring->next);
		else if (atomic_long_try_cmpxchg(&ring->next, (long *)number, *number + 1))
			return true;
	}
}

/**
 * memrw_hit_ring_reserve() - a place for a hit
 * @ring: the ring
 *
 * In any context.  The hit has @time and @lost set, and all else is zero.
 *
 * Return: the hit, to be filled and committed before anything that may wait; NULL
 * where the ring is full: it is counted.
 */
struct memrw_watch_hit *memrw_hit_ring_reserve(struct memrw_hit_ring *ring)
{
	struct memrw_watch_hit *hit;
	unsigned long number;
	u64 time;

	if (!take_place(ring, &number, &time)) {
		atomic64_inc(&ring->lost);
		return NULL;
	}
	hit = &place_of(ring, number)->hit;
	memset(hit, 0, sizeof(*hit));
	hit->time = time;
	hit->lost = memrw_hit_ring_take_lost(ring);
	return hit;
}

void memrw_hit_ring_commit(struct memrw_watch_hit *hit)
{
	struct place *place = container_of(hit, struct place, hit);

	/* Whoever sees the turn sees the hit. */
	smp_store_release(&place->turn, place->turn + 1);
}

/**
 * memrw_hit_ring_first() - the hit that came first
 * @ring: the ring, which has one reader at a time
 *
 * Return: NULL where there is none, or it is being filled.
 */
const struct memrw_watch_hit *memrw_hit_ring_first(struct memrw_hit_ring *ring)
{
	unsigned long number = READ_ONCE(ring->first);
	struct place *place = place_of(ring, number);

	/* Pairs with the release of a commit. */
	return smp_load_acquire(&place->turn) == number + 1 ? &place->hit : NULL;
}

void memrw_hit_ring_drop_first(struct memrw_hit_ring *ring)
{
	unsigned long number = ring->first;

	WRITE_ONCE(ring->first, number + 1);
	/* The hit has been read: it may be written over. */
	smp_store_release(&place_of(ring, number)->turn, number + ring->mask + 1);
}

u64 memrw_hit_ring_take_lost(struct memrw_hit_ring *ring)
{
	return atomic64_read(&ring->lost) ? atomic64_xchg(&ring->lost, 0) : 0;
}
