/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the addresses of one target can refer to: its regions, the symbols of
 * its modules, its memory.  Inside the library only.
 */
#ifndef MRW_ADDRESS_SPACE_H
#define MRW_ADDRESS_SPACE_H

#include "address_parse.h"
#include "region_list.h"

struct mrw_symbol_file;

/**
 * struct mrw_module_symbols - the symbols of a module, as far as they were
 *	asked for
 * @start: of its lowest region; 0 for the executable
 * @file: NULL where it cannot be read
 * @error: why not
 * @asked: it was tried
 */
struct mrw_module_symbols {
	uint64_t start;
	struct mrw_symbol_file *file;
	int error;
	bool asked;
};

/**
 * struct mrw_address_space - one target
 * @target: it
 * @regions: its regions
 * @scope: what the parser asks
 * @executable: its symbols
 * @module: those of the module that was asked last
 * @pointer_size: bytes; 0 for not known so far
 */
struct mrw_address_space {
	struct memrw_target *target;
	struct mrw_region_list regions;
	struct mrw_address_scope scope;
	struct mrw_module_symbols executable;
	struct mrw_module_symbols module;
	size_t pointer_size;
};

/**
 * mrw_address_space_load() - begin
 *
 * It must not be moved: @scope has its address.
 *
 * Return: 0, or -1 with errno; to be given back with mrw_address_space_clear()
 * after success.
 */
int mrw_address_space_load(struct mrw_address_space *space, struct memrw_target *target);

/** mrw_address_space_clear() - free what it holds; keeps errno */
void mrw_address_space_clear(struct mrw_address_space *space);

#endif /* MRW_ADDRESS_SPACE_H */
