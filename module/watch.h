/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_WATCH_H
#define MEMRW_WATCH_H

#include <linux/err.h>
#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct memrw_target;
struct memrw_watch;

#ifdef CONFIG_X86_64
int memrw_watch_init(void);
void memrw_watch_exit(void);

struct memrw_watch *memrw_watch_create(struct memrw_target *target,
				       const struct memrw_set_watch *set);
int memrw_watch_open(struct memrw_watch *watch, u64 value);
void memrw_watch_destroy(struct memrw_watch *watch);
#else
static inline int memrw_watch_init(void)
{
	return 0;
}

static inline void memrw_watch_exit(void)
{
}

static inline struct memrw_watch *memrw_watch_create(struct memrw_target *target,
						     const struct memrw_set_watch *set)
{
	return ERR_PTR(-EOPNOTSUPP);
}

static inline int memrw_watch_open(struct memrw_watch *watch, u64 value)
{
	return -EOPNOTSUPP;
}

static inline void memrw_watch_destroy(struct memrw_watch *watch)
{
}
#endif

#endif /* MEMRW_WATCH_H */
