/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the pages of a region are that the target has not touched. */
#ifndef MRW_REGION_KIND_H
#define MRW_REGION_KIND_H

#include "memrw.h"

/* Private memory without a file: its absent pages are zeros, all of them. */
bool mrw_region_is_anonymous(const struct memrw_region *region);

/* Shared memory without a file: to read an absent page makes it. */
bool mrw_region_is_shared_memory(const struct memrw_region *region);

#endif
