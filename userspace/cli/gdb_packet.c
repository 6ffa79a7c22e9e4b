// SPDX-License-Identifier: GPL-2.0-only

#include <string.h>

#include "gdb_packet.h"
#include "gdb_text.h"

#define INTERRUPT	3

static void begin(struct gdb_parser *parser)
{
	parser->state = GDB_DATA;
	parser->sum_damaged = false;
	parser->too_long = false;
	parser->sum = 0;
	parser->length = 0;
}

static enum gdb_event take_outside(struct gdb_parser *parser, unsigned char byte)
{
	switch (byte) {
	case '$':
		begin(parser);
		return GDB_EVENT_NONE;
	case '+':
		return GDB_EVENT_ACK;
	case '-':
		return GDB_EVENT_NACK;
	case INTERRUPT:
		return GDB_EVENT_INTERRUPT;
	default:
		return GDB_EVENT_NOISE;
	}
}

static void take_data(struct gdb_parser *parser, unsigned char byte)
{
	if (byte == '#') {
		parser->state = GDB_SUM_HIGH;
		return;
	}
	/* It is escaped in data: the end of another packet got lost. */
	if (byte == '$') {
		begin(parser);
		return;
	}
	parser->sum += byte;
	if (parser->length < GDB_PACKET_MAX)
		parser->data[parser->length++] = (char)byte;
	else
		parser->too_long = true;
}

static void take_digit(struct gdb_parser *parser, unsigned char byte)
{
	int digit = gdb_digit((char)byte);

	if (digit < 0)
		parser->sum_damaged = true;
	parser->wanted = (uint8_t)(parser->wanted << 4 | (digit & 15));
}

static enum gdb_event end(struct gdb_parser *parser)
{
	parser->state = GDB_OUTSIDE;
	parser->data[parser->length] = '\0';
	if (parser->sum_damaged || parser->wanted != parser->sum)
		return GDB_EVENT_DAMAGED;
	return parser->too_long ? GDB_EVENT_TOO_LONG : GDB_EVENT_PACKET;
}

enum gdb_event gdb_parser_take(struct gdb_parser *parser, unsigned char byte)
{
	switch (parser->state) {
	case GDB_OUTSIDE:
		return take_outside(parser, byte);
	case GDB_DATA:
		take_data(parser, byte);
		return GDB_EVENT_NONE;
	case GDB_SUM_HIGH:
		take_digit(parser, byte);
		parser->state = GDB_SUM_LOW;
		return GDB_EVENT_NONE;
	default:
		take_digit(parser, byte);
		return end(parser);
	}
}

size_t gdb_packet_frame(char *frame, const char *data, size_t length)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum += (uint8_t)data[i];
	frame[0] = '$';
	memcpy(frame + 1, data, length);
	frame[length + 1] = '#';
	gdb_hex(frame + length + 2, &sum, sizeof(sum));
	return length + GDB_PACKET_FRAME;
}
