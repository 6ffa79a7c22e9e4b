// SPDX-License-Identifier: LGPL-2.1-or-later
/* A walk over the regions of a target. */
#include "backend.h"

#include <errno.h>
#include <stdlib.h>

struct memrw_region_iter {
	const struct mrw_backend *backend;
	void *walk;
	uint64_t address; /* regions below have been given */
};

struct memrw_region_iter *memrw_region_iter_open(struct memrw_target *target)
{
	struct mrw_binding *binding = mrw_target_binding(target);
	struct memrw_region_iter *iter;

	iter = calloc(1, sizeof(*iter));
	if (!iter)
		return NULL;

	iter->backend = binding->backend;
	iter->walk = iter->backend->walk_open(binding);
	if (!iter->walk) {
		memrw_region_iter_close(iter);
		return NULL;
	}
	return iter;
}

/*
 * A target that runs may merge a region that was given with what follows it.
 * Only the part not yet given is news.
 */
static void clip(struct memrw_region *region, uint64_t address)
{
	if (region->start >= address)
		return;
	if (region->inode)
		region->offset += address - region->start;
	region->start = address;
}

int memrw_region_iter_next(struct memrw_region_iter *iter,
			   struct memrw_region *region)
{
	int ret;

	ret = iter->backend->walk_next(iter->walk, iter->address, region);
	if (ret <= 0)
		return ret;

	clip(region, iter->address);
	iter->address = region->end;
	return 1;
}

void memrw_region_iter_close(struct memrw_region_iter *iter)
{
	int saved = errno;

	if (!iter)
		return;
	if (iter->walk)
		iter->backend->walk_close(iter->walk);
	free(iter);
	errno = saved;
}
