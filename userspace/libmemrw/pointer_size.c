// SPDX-License-Identifier: LGPL-2.1-or-later

#include <elf.h>
#include <string.h>

#include "pointer_size.h"

static const struct memrw_region *find_vdso(const struct mrw_region_list *regions)
{
	for (size_t i = 0; i < regions->count; i++) {
		if (strcmp(regions->regions[i].name, "[vdso]") == 0)
			return &regions->regions[i];
	}
	return NULL;
}

/* Return: 4 or 8, or 0 where it is not an ELF image that can be read. */
static size_t size_of_image(struct memrw_target *target, uint64_t address)
{
	unsigned char ident[EI_NIDENT];

	if (memrw_target_read(target, address, ident, sizeof(ident), 0) != sizeof(ident) ||
	    memcmp(ident, ELFMAG, SELFMAG) != 0)
		return 0;
	return ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
}

static size_t size_by_addresses(const struct mrw_region_list *regions)
{
	if (regions->count == 0)
		return sizeof(void *);
	return regions->regions[regions->count - 1].end > (uint64_t)UINT32_MAX + 1 ? 8 : 4;
}

size_t mrw_pointer_size(struct memrw_target *target, const struct mrw_region_list *regions)
{
	const struct memrw_region *vdso = find_vdso(regions);
	size_t size = vdso ? size_of_image(target, vdso->start) : 0;

	return size ? size : size_by_addresses(regions);
}
