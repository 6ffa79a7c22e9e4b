// SPDX-License-Identifier: GPL-2.0-only

#include <stdarg.h>
#include <stdio.h>
#include <sys/param.h>

#include "gdb_reply.h"
#include "gdb_text.h"

/* The bit that an escaped byte differs by. */
#define ESCAPE_BIT	0x20

void gdb_reply_clear(struct gdb_reply *reply)
{
	reply->length = 0;
}

static size_t room_of(const struct gdb_reply *reply)
{
	return sizeof(reply->data) - reply->length;
}

void gdb_reply_text(struct gdb_reply *reply, const char *format, ...)
{
	size_t room = room_of(reply);
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(reply->data + reply->length, room, format, arguments);
	va_end(arguments);
	/* Of its room the last byte is for a NUL. */
	if (length > 0 && room > 0)
		reply->length += MIN((size_t)length, room - 1);
}

void gdb_reply_hex(struct gdb_reply *reply, const void *bytes, size_t length)
{
	length = MIN(length, room_of(reply) / 2);
	gdb_hex(reply->data + reply->length, bytes, length);
	reply->length += 2 * length;
}

size_t gdb_reply_binary(struct gdb_reply *reply, const void *bytes, size_t length)
{
	const char *from = bytes;
	size_t done = 0;

	for (; done < length; done++) {
		bool escaped = gdb_must_escape(from[done]);

		if (room_of(reply) < 1U + escaped)
			break;
		if (escaped)
			reply->data[reply->length++] = '}';
		reply->data[reply->length++] =
			(char)(escaped ? from[done] ^ ESCAPE_BIT : from[done]);
	}
	return done;
}

void gdb_reply_error(struct gdb_reply *reply, int error)
{
	gdb_reply_clear(reply);
	gdb_reply_text(reply, "E%02x", (unsigned int)error & 0xff);
}

void gdb_reply_refuse(struct gdb_reply *reply, const char *why)
{
	gdb_reply_clear(reply);
	gdb_reply_text(reply, "E.%s", why);
}
