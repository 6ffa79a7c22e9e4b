/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shared libraries of the target, as its dynamic linker has them.
 */
#ifndef CLI_GDB_LIBRARIES_H
#define CLI_GDB_LIBRARIES_H

#include <stdio.h>

struct gdb_session;

/** gdb_libraries_write() - a list of them, in XML.  Return: 0, or an errno. */
int gdb_libraries_write(struct gdb_session *session, const char *annex, FILE *out);

#endif /* CLI_GDB_LIBRARIES_H */
