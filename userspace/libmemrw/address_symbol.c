// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memrw.h"
#include "region_list.h"
#include "symbol.h"

static bool same_file(const struct memrw_region *a, const struct memrw_region *b)
{
	return a->inode == b->inode && a->device_major == b->device_major &&
	       a->device_minor == b->device_minor;
}

static const struct memrw_region *region_at(const struct mrw_region_list *list,
					    uint64_t address)
{
	for (size_t i = 0; i < list->count; i++) {
		if (address >= list->regions[i].start && address < list->regions[i].end)
			return &list->regions[i];
	}
	return NULL;
}

/* The lowest region of the file that is mapped there. */
static const struct memrw_region *module_at(const struct mrw_region_list *list,
					    uint64_t address)
{
	const struct memrw_region *region = region_at(list, address);

	if (!region || region->inode == 0)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		if (same_file(&list->regions[i], region))
			return &list->regions[i];
	}
	return region;
}

static char *symbol_of(struct memrw_target *target, const struct mrw_region_list *list,
		       uint64_t address, uint64_t *start)
{
	const struct memrw_region *module = module_at(list, address);
	struct mrw_symbol_file *file;
	const char *name;
	char *copy;

	if (!module) {
		errno = ENOENT;
		return NULL;
	}
	file = mrw_symbol_file_open(memrw_target_pid(target), list, module);
	name = file ? mrw_symbol_at(file, address, start) : NULL;
	copy = name ? strdup(name) : NULL;
	mrw_symbol_file_close(file);
	return copy;
}

char *memrw_address_symbol(struct memrw_target *target, uint64_t address, uint64_t *start)
{
	struct mrw_region_list list;
	uint64_t found;
	char *name;

	if (mrw_region_list_load(&list, target) < 0)
		return NULL;
	name = symbol_of(target, &list, address, &found);
	mrw_region_list_clear(&list);
	if (name)
		*start = found;
	return name;
}
