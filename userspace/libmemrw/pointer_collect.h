/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One pass over a target's writable memory, for what looks like a pointer.
 * Inside the library only.
 */
#ifndef MRW_POINTER_COLLECT_H
#define MRW_POINTER_COLLECT_H

#include "pointer_table.h"
#include "region_list.h"

/**
 * mrw_pointer_collect() - every aligned value that is in a region
 * @target: the target, which does not grow by it where that can be avoided
 * @regions: its regions; what is written there and is no device's is read
 * @size: bytes of a pointer
 * @table: out; to be given back with mrw_pointer_table_clear() in any case
 *
 * Memory that cannot be read is passed by.
 *
 * Return: 0, or -1 with errno.
 */
int mrw_pointer_collect(struct memrw_target *target, const struct mrw_region_list *regions,
			size_t size, struct mrw_pointer_table *table);

#endif /* MRW_POINTER_COLLECT_H */
