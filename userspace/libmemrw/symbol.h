/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ELF symbols of the program that a process runs.  Inside the library only.
 */
#ifndef MRW_SYMBOL_H
#define MRW_SYMBOL_H

#include "region_list.h"

/**
 * mrw_symbol_find() - the address of a function or object of the executable
 * @pid: the process
 * @regions: its regions
 * @name: the symbol, without a version
 * @address: out: where it is in the process
 *
 * Return: 0, or -1 with errno: ENOENT no such symbol, ENOTUNIQ several of
 * that name, ENOEXEC not an ELF file or not mapped as one, or as open(2).
 */
int mrw_symbol_find(pid_t pid, const struct mrw_region_list *regions,
		      const char *name, uint64_t *address);

#endif /* MRW_SYMBOL_H */
