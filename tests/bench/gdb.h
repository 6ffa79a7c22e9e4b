/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gdb(1), with a hardware watchpoint that it goes on from at each hit.
 */
#ifndef GDB_H
#define GDB_H

#include <stdbool.h>
#include <sys/types.h>

#include "stores.h"

/* Is it installed? */
bool gdb_is_there(void);

/* Attaches to the target, which then stores; returns how many hits it has counted. */
unsigned long gdb_watch(pid_t target, const struct burst *burst, double *elapsed);

#endif
