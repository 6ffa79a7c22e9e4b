/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How wide the pointers of a target are.  Inside the library only.
 */
#ifndef MRW_POINTER_SIZE_H
#define MRW_POINTER_SIZE_H

#include "region_list.h"

/**
 * mrw_pointer_size() - bytes of a pointer of the target
 *
 * Its vDSO tells, which is of the kind that the kernel started the program as;
 * where there is none, whether anything is mapped above 4 GiB.
 *
 * Return: 4 or 8.
 */
size_t mrw_pointer_size(struct memrw_target *target, const struct mrw_region_list *regions);

#endif /* MRW_POINTER_SIZE_H */
