/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_REGION_H
#define MEMRW_REGION_H

#include <linux/limits.h>
#include <uapi/linux/memrw.h>

struct mm_struct;

/* A path may take all of it, and so may "[anon_shmem:" and what is behind it. */
#define MEMRW_REGION_NAME_MAX	PATH_MAX

int memrw_region_query(struct mm_struct *mm, unsigned long address,
		       struct memrw_query_region *region, char *buffer, const char **name);

#endif /* MEMRW_REGION_H */
