/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_WATCH_H
#define MEMRW_WATCH_H

#include <linux/errno.h>
#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct memrw_target;

#ifdef CONFIG_X86_64
int memrw_watch_init(void);
void memrw_watch_exit(void);

int memrw_watch_check(const struct memrw_set_watch *set, const struct memrw_target *target);
int memrw_watch_open(struct memrw_target *target, const struct memrw_set_watch *set, u64 value);
#else
static inline int memrw_watch_init(void)
{
	return 0;
}

static inline void memrw_watch_exit(void)
{
}

static inline int memrw_watch_check(const struct memrw_set_watch *set,
				    const struct memrw_target *target)
{
	return -EOPNOTSUPP;
}

static inline int memrw_watch_open(struct memrw_target *target,
				   const struct memrw_set_watch *set, u64 value)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* MEMRW_WATCH_H */
