// SPDX-License-Identifier: LGPL-2.1-or-later

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path.h"
#include "static_memory.h"

/* A module has about a dozen. */
#define SEGMENTS_MAX	64

/*
 * How far it goes: bss has no file to tell it by, and what is mapped behind
 * it need not be the module's.
 */

static bool read_at(struct memrw_target *target, uint64_t address, void *buffer,
		    size_t size)
{
	return memrw_target_read(target, address, buffer, size, 0) == (ssize_t)size;
}

/* @end: the greatest so far, and @first the least, as the file has them */
static void widen(uint64_t *first, uint64_t *end, uint64_t address, uint64_t size)
{
	if (address < *first)
		*first = address;
	if (address + size > *end)
		*end = address + size;
}

static void widen64(struct memrw_target *target, uint64_t start, uint64_t *first,
		    uint64_t *end)
{
	Elf64_Phdr segments[SEGMENTS_MAX];
	Elf64_Ehdr header;

	if (!read_at(target, start, &header, sizeof(header)) ||
	    header.e_phnum > SEGMENTS_MAX || header.e_phentsize != sizeof(*segments) ||
	    !read_at(target, start + header.e_phoff, segments,
		     header.e_phnum * sizeof(*segments)))
		return;
	for (size_t i = 0; i < header.e_phnum; i++) {
		if (segments[i].p_type == PT_LOAD)
			widen(first, end, segments[i].p_vaddr, segments[i].p_memsz);
	}
}

static void widen32(struct memrw_target *target, uint64_t start, uint64_t *first,
		    uint64_t *end)
{
	Elf32_Phdr segments[SEGMENTS_MAX];
	Elf32_Ehdr header;

	if (!read_at(target, start, &header, sizeof(header)) ||
	    header.e_phnum > SEGMENTS_MAX || header.e_phentsize != sizeof(*segments) ||
	    !read_at(target, start + header.e_phoff, segments,
		     header.e_phnum * sizeof(*segments)))
		return;
	for (size_t i = 0; i < header.e_phnum; i++) {
		if (segments[i].p_type == PT_LOAD)
			widen(first, end, segments[i].p_vaddr, segments[i].p_memsz);
	}
}

/* Return: the address behind the module's last; 0 where it is no ELF image. */
static uint64_t end_of_module(struct memrw_target *target, uint64_t start)
{
	uint64_t first = UINT64_MAX, end = 0;
	unsigned char ident[EI_NIDENT];

	if (!read_at(target, start, ident, sizeof(ident)) ||
	    memcmp(ident, ELFMAG, SELFMAG) != 0)
		return 0;
	if (ident[EI_CLASS] == ELFCLASS32)
		widen32(target, start, &first, &end);
	else
		widen64(target, start, &first, &end);
	return end > first ? start + (end - first) : 0;
}

/*
 * What it is called
 */

static bool is_plain(const char *name)
{
	return name[0] > '9' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")] == '\0';
}

static char *quote(const char *name)
{
	char *quoted = NULL;

	if (is_plain(name))
		return strdup(name);
	if (asprintf(&quoted, strchr(name, '"') ? "'%s'" : "\"%s\"", name) < 0)
		return NULL;
	return quoted;
}

/* A symbol may have the name too, or another module. */
static bool stands_for(const char *name, struct mrw_address_space *space, uint64_t start)
{
	struct mrw_message message;
	uint64_t address;

	return mrw_address_evaluate(name, &space->scope, &address, &message) == 0 &&
	       address == start;
}

/* The file name, which an upgrade or another machine keeps, or else the path. */
static char *name_of(struct mrw_address_space *space, const struct memrw_region *region)
{
	char *path = strndup(region->name, mrw_path_length(region->name));
	const char *slash = path ? strrchr(path, '/') : NULL;
	char *name = slash ? quote(slash + 1) : NULL;

	if (name && !stands_for(name, space, region->start)) {
		free(name);
		name = quote(path);
	}
	if (name && !stands_for(name, space, region->start))
		name[0] = '\0';
	free(path);
	return name;
}

/*
 * The list
 */

static int add(struct mrw_module_list *list, struct mrw_address_space *space,
	       const struct memrw_region *region, uint64_t end)
{
	void *grown = reallocarray(list->modules, list->count + 1, sizeof(*list->modules));
	struct mrw_module *module;

	if (!grown)
		return -1;
	list->modules = grown;
	module = &list->modules[list->count];
	*module = (struct mrw_module){ region->start, end, name_of(space, region) };
	if (!module->name)
		return -1;
	if (module->name[0] == '\0')
		free(module->name);
	else
		list->count++;
	return 0;
}

int mrw_module_list_load(struct mrw_module_list *list, struct mrw_address_space *space)
{
	uint64_t last = 0;

	*list = (struct mrw_module_list){ 0 };
	for (size_t i = 0; i < space->regions.count; i++) {
		const struct memrw_region *region = &space->regions.regions[i];
		uint64_t end;

		if (region->start < last || region->inode == 0 || region->offset != 0 ||
		    region->name[0] != '/')
			continue;
		end = end_of_module(space->target, region->start);
		if (end <= region->start)
			continue;
		if (add(list, space, region, end) < 0)
			return -1;
		last = end;
	}
	return 0;
}

const struct mrw_module *mrw_module_list_at(const struct mrw_module_list *list,
					    uint64_t address)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->modules[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->count && list->modules[low].start <= address ?
	       &list->modules[low] : NULL;
}

void mrw_module_list_clear(struct mrw_module_list *list)
{
	int error = errno;

	for (size_t i = 0; i < list->count; i++)
		free(list->modules[i].name);
	free(list->modules);
	*list = (struct mrw_module_list){ 0 };
	errno = error;
}
