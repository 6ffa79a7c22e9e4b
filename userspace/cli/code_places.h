/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses of instructions as "MODULE+OFFSET" and "SYMBOL+OFFSET".
 */
#ifndef CLI_CODE_PLACES_H
#define CLI_CODE_PLACES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "memrw.h"

/**
 * struct code_place - an address of an instruction
 * @address: the address
 * @module: the file name of what is mapped there; NULL for none
 * @offset: from the module's lowest region
 * @symbol: the function that it is in; NULL where none is known
 * @symbol_start: where that begins
 */
struct code_place {
	uint64_t address;
	char *module;
	uint64_t offset;
	char *symbol;
	uint64_t symbol_start;
};

/** struct code_places - those that were asked for, each looked up once */
struct code_places;

/**
 * code_places_open() - none yet
 *
 * Return: to be given back with code_places_close(), before @target is closed; NULL
 * with errno.
 */
struct code_places *code_places_open(struct memrw_target *target);

/** code_places_close() - free them; NULL is fine */
void code_places_close(struct code_places *places);

/**
 * code_places_find() - what an address is relative to
 * @places: the places
 * @address: of an instruction; or behind one
 * @behind: it is a return address: the function is that of the call before it, even
 *	where nothing of that function follows
 *
 * Return: the place, which lives as long as @places; NULL with ENOMEM.
 */
const struct code_place *code_places_find(struct code_places *places, uint64_t address,
					  bool behind);

/**
 * code_place_print() - MODULE+OFFSET, or the address where there is no module
 */
void code_place_print(const struct code_place *place);

/** code_place_print_symbol() - SYMBOL+OFFSET, or nothing */
void code_place_print_symbol(const struct code_place *place);

/** code_place_write(), code_place_write_symbol() - the same, to a stream */
void code_place_write(FILE *stream, const struct code_place *place);
void code_place_write_symbol(FILE *stream, const struct code_place *place);

/** code_place_json() - an object: ip, module, offset, symbol, symbol_offset */
json_t *code_place_json(const struct code_place *place);

#endif /* CLI_CODE_PLACES_H */
