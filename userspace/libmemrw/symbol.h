/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF symbols of what a process has mapped.  Inside the library only.
 */
#ifndef MRW_SYMBOL_H
#define MRW_SYMBOL_H

#include "region_list.h"

/** struct mrw_symbol_file - the ELF file of a module, open */
struct mrw_symbol_file;

/**
 * mrw_symbol_file_open() - open the file of a module of a process
 * @pid: the process
 * @regions: its regions
 * @module: the module's lowest region; NULL for the executable
 *
 * Return: to be given back with mrw_symbol_file_close(); NULL with errno:
 * ENOEXEC not an ELF file or not mapped as one, or as open(2).
 */
struct mrw_symbol_file *mrw_symbol_file_open(pid_t pid,
					     const struct mrw_region_list *regions,
					     const struct memrw_region *module);

/**
 * mrw_symbol_find() - the address of a function or object
 * @file: of the module
 * @name: the symbol, without a version: of several, the default one
 * @address: out: where it is in the process
 *
 * Return: 0, or -1 with errno: ENOENT no such symbol, ENOTUNIQ several of
 * that name.
 */
int mrw_symbol_find(struct mrw_symbol_file *file, const char *name, uint64_t *address);

/**
 * mrw_symbol_at() - the function or object that an address is in
 * @file: of the module
 * @address: in the process
 * @start: out: where that begins, in the process
 *
 * Return: its name, which lives as long as @file; NULL with ENOENT.
 */
const char *mrw_symbol_at(struct mrw_symbol_file *file, uint64_t address, uint64_t *start);

/** mrw_symbol_file_close() - close it; NULL is fine; keeps errno */
void mrw_symbol_file_close(struct mrw_symbol_file *file);

#endif /* MRW_SYMBOL_H */
