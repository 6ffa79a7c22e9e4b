// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which hits of a watch of the procfs backend are wanted. */
#include "procfs_watch.h"

static bool is_within(const struct memrw_watch_filter *wanted, uint64_t ip)
{
	/* Both 0: all. */
	return !wanted->ip_last || (ip >= wanted->ip_first && ip <= wanted->ip_last);
}

/* Those that there is no room to remember are new each time. */
static bool is_new(struct mrw_watch_filter *filter, uint64_t ip)
{
	size_t i;

	for (i = 0; i < filter->nr_ips; i++) {
		if (filter->ips[i] == ip)
			return false;
	}
	if (filter->nr_ips < MRW_IPS_KNOWN)
		filter->ips[filter->nr_ips++] = ip;
	return true;
}

bool mrw_watch_filter_pass(struct mrw_watch_filter *filter, uint64_t ip)
{
	const struct memrw_watch_filter *wanted = &filter->wanted;

	if (!is_within(wanted, ip))
		return false;
	if (wanted->flags & MEMRW_WATCH_ONCE_PER_IP && !is_new(filter, ip))
		return false;
	if (wanted->every && ++filter->matched % wanted->every)
		return false;
	filter->passed++;
	return true;
}

bool mrw_watch_filter_is_spent(const struct mrw_watch_filter *filter)
{
	return filter->wanted.limit && filter->passed >= filter->wanted.limit;
}
