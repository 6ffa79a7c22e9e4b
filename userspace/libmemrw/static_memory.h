/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory of modules that has a name after a restart too: their data and
 * bss.  Inside the library only.
 */
#ifndef MRW_STATIC_MEMORY_H
#define MRW_STATIC_MEMORY_H

#include "address_space.h"

/**
 * struct mrw_module - an ELF file that the target has loaded
 * @start: its lowest address
 * @end: the one behind its last, bss and all
 * @name: what it is called in an address expression
 */
struct mrw_module {
	uint64_t start;
	uint64_t end;
	char *name;
};

/** struct mrw_module_list - those of a target, in rising order */
struct mrw_module_list {
	struct mrw_module *modules;
	size_t count;
};

/**
 * mrw_module_list_load() - find the modules
 * @list: out; to be given back with mrw_module_list_clear() in any case
 * @space: of the target
 *
 * One that no expression can name is left out.
 *
 * Return: 0, or -1 with errno.
 */
int mrw_module_list_load(struct mrw_module_list *list, struct mrw_address_space *space);

/** mrw_module_list_at() - the module that an address is in, or NULL */
const struct mrw_module *mrw_module_list_at(const struct mrw_module_list *list,
					    uint64_t address);

/** mrw_module_list_clear() - free what it holds; keeps errno */
void mrw_module_list_clear(struct mrw_module_list *list);

#endif /* MRW_STATIC_MEMORY_H */
