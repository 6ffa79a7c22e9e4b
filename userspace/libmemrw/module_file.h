/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The file of a module that a process has mapped.  Inside the library only.
 */
#ifndef MRW_MODULE_FILE_H
#define MRW_MODULE_FILE_H

#include "region_list.h"

/**
 * mrw_module_file_open() - open the file that a module was mapped from
 * @pid: the process
 * @regions: its regions
 * @module: in: the module's lowest region, or NULL for the executable; out:
 *	the executable's
 *
 * Return: a descriptor, or -1 with errno: ENOEXEC no such file is mapped, or
 * another one is at its path now; or as open(2).
 */
int mrw_module_file_open(pid_t pid, const struct mrw_region_list *regions,
			 const struct memrw_region **module);

#endif /* MRW_MODULE_FILE_H */
