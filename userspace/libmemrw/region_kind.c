// SPDX-License-Identifier: LGPL-2.1-or-later
#include "region_kind.h"

#include <string.h>

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

bool mrw_region_is_anonymous(const struct memrw_region *region)
{
	if (region->properties & MEMRW_REGION_SHARED)
		return false;
	if (region->inode)
		return !strcmp(region->name, "/anon_hugepage (deleted)");
	return !*region->name || !strcmp(region->name, "[heap]") ||
	       !strcmp(region->name, "[stack]") || begins(region->name, "[anon:");
}

bool mrw_region_is_shared_memory(const struct memrw_region *region)
{
	return region->properties & MEMRW_REGION_SHARED &&
	       (begins(region->name, "/dev/zero (deleted)") ||
		begins(region->name, "/memfd:") || begins(region->name, "/SYSV") ||
		begins(region->name, "/dev/shm/") ||
		begins(region->name, "[anon_shmem:"));
}
