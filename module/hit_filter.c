// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which hits are wanted.
 *
 * Asked where the hit happens, in any context and on all processors at once: nothing
 * here takes a lock.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/kernel.h>

#include "hit.h"
#include "hit_filter.h"

#define OF_VALUES	(MEMRW_WATCH_CHANGED | MEMRW_WATCH_SIGNED)

static bool is_valid(const struct memrw_set_watch *set)
{
	if (set->condition > MEMRW_WATCH_CROSS || set->ip_first > set->ip_last)
		return false;
	if (set->condition == MEMRW_WATCH_ALWAYS && set->operand)
		return false;
	if (set->flags & MEMRW_WATCH_SIGNED && set->condition != MEMRW_WATCH_CROSS)
		return false;
	/* An execution has no value. */
	return set->type != MEMRW_WATCH_TYPE_EXECUTE ||
	       (set->condition == MEMRW_WATCH_ALWAYS && !(set->flags & OF_VALUES));
}

/* @filter is zero.  Return: 0, or -EINVAL. */
int memrw_hit_filter_init(struct memrw_hit_filter *filter, const struct memrw_set_watch *set)
{
	if (!is_valid(set))
		return -EINVAL;
	filter->set = *set;
	return 0;
}

/* A number that is greater if, and only if, the value is. */
static u64 order_of(const struct memrw_set_watch *set, u64 value)
{
	unsigned int bits = BITS_PER_BYTE * set->length;

	value &= GENMASK_ULL(bits - 1, 0);
	return set->flags & MEMRW_WATCH_SIGNED ? value ^ BIT_ULL(bits - 1) : value;
}

static bool value_passes(const struct memrw_set_watch *set,
			 const struct memrw_hit_access *access)
{
	u64 operand = order_of(set, set->operand);

	/* What cannot be known is not kept back. */
	if (access->flags & MEMRW_HIT_NO_VALUE)
		return true;
	if (set->flags & MEMRW_WATCH_CHANGED && access->value == access->before)
		return false;
	switch (set->condition) {
	case MEMRW_WATCH_EQUAL:
		return order_of(set, access->value) == operand;
	case MEMRW_WATCH_CROSS:
		return (order_of(set, access->before) < operand) !=
		       (order_of(set, access->value) < operand);
	default:
		return true;
	}
}

static bool is_in_range(const struct memrw_set_watch *set, u64 ip)
{
	return !set->ip_last || (set->ip_first <= ip && ip <= set->ip_last);
}

/* Of those for which there is no room each hit is taken for the first. */
static bool is_first_of_ip(struct memrw_hit_filter *filter, unsigned long ip)
{
	unsigned int at = hash_long(ip, MEMRW_HIT_FILTER_IPS_BITS);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(filter->ips); i++) {
		unsigned long *known = &filter->ips[(at + i) % ARRAY_SIZE(filter->ips)];
		unsigned long there = READ_ONCE(*known) ?: cmpxchg(known, 0, ip);

		if (!there)
			return true;
		if (there == ip)
			return false;
	}
	return true;
}

static bool is_turn(struct memrw_hit_filter *filter)
{
	if (filter->set.every < 2)
		return true;
	return (u64)atomic64_inc_return(&filter->passed) % filter->set.every == 0;
}

/**
 * memrw_hit_filter_passes() - is this hit wanted?
 * @filter: the filter, which may remember that it has seen the hit
 * @access: what happened
 */
bool memrw_hit_filter_passes(struct memrw_hit_filter *filter,
			     const struct memrw_hit_access *access)
{
	const struct memrw_set_watch *set = &filter->set;

	if (!value_passes(set, access) || !is_in_range(set, access->ip))
		return false;
	if (set->flags & MEMRW_WATCH_ONCE_PER_IP && !is_first_of_ip(filter, access->ip))
		return false;
	return is_turn(filter);
}
