/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the names in an address mean: pure functions over a list of regions.
 * Inside the library only.
 */
#ifndef MRW_ADDRESS_NAME_H
#define MRW_ADDRESS_NAME_H

#include "memrw.h"

/**
 * struct mrw_message - a sentence for a person about a failure
 * @text: the sentence
 * @position: bytes before what it is about, in the text that was given
 */
struct mrw_message {
	char text[256];
	size_t position;
};

/**
 * struct mrw_address_scope - what an address can refer to
 * @regions: of the target, in rising order
 * @region_count: how many
 * @symbol: the address of a symbol of the module whose lowest region that is,
 *	or of the executable for NULL: 0, or -1 with errno (ENOENT no such
 *	symbol, ENOTUNIQ several); called for a name that could be one
 * @pointer: the pointer at an address: 0, or -1 with errno
 * @data: for these
 */
struct mrw_address_scope {
	const struct memrw_region *regions;
	size_t region_count;
	int (*symbol)(void *data, const struct memrw_region *module,
		      const char *name, uint64_t *address);
	int (*pointer)(void *data, uint64_t address, uint64_t *value);
	void *data;
};

/** mrw_message_fail() - set the sentence and errno; returns -1 */
int mrw_message_fail(struct mrw_message *message, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** mrw_region_by_name() - the lowest region of exactly that name, or NULL */
const struct memrw_region *mrw_region_by_name(const struct mrw_address_scope *scope,
					      const char *name);

/**
 * mrw_module_find() - the lowest region of a module
 * @name: its path, or its file name; also of a file that was deleted
 * @scope: the regions
 * @module: out; NULL where there is none
 * @message: out, on failure
 *
 * Return: 0, or -1 with errno: ENOTUNIQ several modules of that name.
 */
int mrw_module_find(const char *name, const struct mrw_address_scope *scope,
		    const struct memrw_region **module, struct mrw_message *message);

/**
 * mrw_name_look_up() - the address that a name stands for
 * @name: a symbol of the executable, a module, or "MODULE:SYMBOL"
 * @scope: what there is
 * @address: out
 * @message: out, on failure, but for its position
 *
 * A symbol is preferred to a module of the same name, which its path can
 * still name; there is no other way to name the symbol.
 *
 * Return: 0, or -1 with errno: ENOENT, ENOTUNIQ, or another one of @scope's
 * symbol function.
 */
int mrw_name_look_up(const char *name, const struct mrw_address_scope *scope,
		     uint64_t *address, struct mrw_message *message);

/**
 * mrw_symbol_look_up() - the address of a symbol of a module
 * @module: the module's name
 * @symbol: the symbol's name
 * @scope: what there is
 * @address: out
 * @message: out, on failure, but for its position
 *
 * Return: as mrw_name_look_up().
 */
int mrw_symbol_look_up(const char *module, const char *symbol,
		       const struct mrw_address_scope *scope, uint64_t *address,
		       struct mrw_message *message);

#endif /* MRW_ADDRESS_NAME_H */
