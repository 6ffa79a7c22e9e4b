/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection to gdb, and what it takes for packets to come through it whole.
 */
#ifndef CLI_GDB_LINK_H
#define CLI_GDB_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "gdb_packet.h"

/**
 * struct gdb_link - a connection; all but the first three 0 in the beginning
 * @in: a descriptor to read from
 * @out: one to write to
 * @strict: what is no packet comes from no client of ours, but maybe from a browser that
 *	somebody else's page has sent here: that is the end
 * @trusted: that packets come whole is not acknowledged any more
 * @closed: there will be no more
 * @next: of @bytes
 * @count: how many there are of @bytes
 * @parser: its @data is that of the packet that has come
 * @frame: the packet that was sent last, if it has to be sent again
 */
struct gdb_link {
	int in;
	int out;
	bool strict;
	bool trusted;
	bool closed;
	size_t next;
	size_t count;
	unsigned char bytes[4096];
	struct gdb_parser parser;
	char frame[GDB_PACKET_MAX + GDB_PACKET_FRAME];
	size_t frame_length;
};

/**
 * gdb_link_wait() - wait for something of the other side's
 *
 * What is to be acknowledged has been, and what is to be sent again.
 *
 * Return: GDB_EVENT_PACKET, _TOO_LONG, _INTERRUPT or _CLOSED.
 */
enum gdb_event gdb_link_wait(struct gdb_link *link);

/** gdb_link_look() - the same, but GDB_EVENT_NONE where there is nothing yet */
enum gdb_event gdb_link_look(struct gdb_link *link);

/** gdb_link_send() - a packet; the other side may be gone, which shows when it is read from */
void gdb_link_send(struct gdb_link *link, const char *data, size_t length);

#endif /* CLI_GDB_LINK_H */
