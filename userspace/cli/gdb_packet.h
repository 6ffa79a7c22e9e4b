/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets of gdb's remote protocol: "$", the data, "#" and a checksum of two digits.
 */
#ifndef CLI_GDB_PACKET_H
#define CLI_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The data of the longest packet, either way; what gdb itself takes. */
#define GDB_PACKET_MAX		16384

/* What is around the data. */
#define GDB_PACKET_FRAME	4

/** enum gdb_event - what the other side has said */
enum gdb_event {
	GDB_EVENT_NONE,		/* nothing whole so far */
	GDB_EVENT_PACKET,
	GDB_EVENT_DAMAGED,	/* a packet whose checksum is wrong */
	GDB_EVENT_TOO_LONG,	/* a packet whose data there is no room for */
	GDB_EVENT_ACK,
	GDB_EVENT_NACK,		/* the last packet is to be sent again */
	GDB_EVENT_INTERRUPT,
	GDB_EVENT_NOISE,	/* no packet, and none of the above */
	GDB_EVENT_CLOSED,	/* of a connection: there will be no more */
};

/**
 * struct gdb_parser - a packet on its way; all of it 0 in the beginning
 * @state: what is expected next
 * @sum: of the data until now
 * @wanted: the checksum, as far as it is there
 * @length: of @data
 * @data: of the packet, with a NUL behind it; as it was sent, escapes and all
 */
struct gdb_parser {
	enum { GDB_OUTSIDE, GDB_DATA, GDB_SUM_HIGH, GDB_SUM_LOW } state;
	bool sum_damaged;
	bool too_long;
	uint8_t sum;
	uint8_t wanted;
	size_t length;
	char data[GDB_PACKET_MAX + 1];
};

/** gdb_parser_take() - one byte more */
enum gdb_event gdb_parser_take(struct gdb_parser *parser, unsigned char byte);

/**
 * gdb_packet_frame() - a packet, to be sent
 * @frame: out: room for @length + GDB_PACKET_FRAME
 * @data: escaped already
 *
 * Return: how long it is.
 */
size_t gdb_packet_frame(char *frame, const char *data, size_t length);

#endif /* CLI_GDB_PACKET_H */
