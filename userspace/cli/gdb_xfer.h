/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the client reads piece by piece: the auxiliary vector, lists in XML.
 */
#ifndef CLI_GDB_XFER_H
#define CLI_GDB_XFER_H

#include <stddef.h>

struct gdb_object;

/**
 * struct gdb_xfer - what is being read; its pieces are all of one time
 * @object: which
 * @data: all of it
 * @length: of @data
 */
struct gdb_xfer {
	const struct gdb_object *object;
	char *data;
	size_t length;
};

/** gdb_xfer_clear() - free what it holds */
void gdb_xfer_clear(struct gdb_xfer *xfer);

#endif /* CLI_GDB_XFER_H */
