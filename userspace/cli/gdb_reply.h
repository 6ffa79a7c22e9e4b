/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer to a packet. An empty one says that the request is not known here.
 */
#ifndef CLI_GDB_REPLY_H
#define CLI_GDB_REPLY_H

#include <stddef.h>

#include "gdb_packet.h"

/** struct gdb_reply - of no more than a packet has room for: what is behind is left out */
struct gdb_reply {
	size_t length;
	char data[GDB_PACKET_MAX];
};

/** gdb_reply_clear() - make it empty */
void gdb_reply_clear(struct gdb_reply *reply);

/** gdb_reply_text() - add text */
void gdb_reply_text(struct gdb_reply *reply, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** gdb_reply_hex() - add bytes, as digits */
void gdb_reply_hex(struct gdb_reply *reply, const void *bytes, size_t length);

/**
 * gdb_reply_binary() - add bytes, escaped where they have to be
 *
 * Return: how many of them there was room for.
 */
size_t gdb_reply_binary(struct gdb_reply *reply, const void *bytes, size_t length);

/** gdb_reply_error() - nothing but "E" and an errno */
void gdb_reply_error(struct gdb_reply *reply, int error);

/** gdb_reply_refuse() - nothing but "E." and why */
void gdb_reply_refuse(struct gdb_reply *reply, const char *why);

#endif /* CLI_GDB_REPLY_H */
