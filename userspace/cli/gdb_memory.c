// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing the target's memory, while it runs.
 */

#include <errno.h>
#include <stdlib.h>
#include <sys/param.h>

#include "gdb_session.h"

/* Return: how many bytes there are, from the start; 0 after an error. */
static size_t read_memory(struct gdb_session *session, struct gdb_text *text, char *bytes,
			  size_t room)
{
	uint64_t address, length;
	struct transfer transfer;
	size_t got;

	if (!gdb_text_numbers(text, &address, &length) || !gdb_text_ended(text)) {
		gdb_reply_error(&session->reply, EINVAL);
		return 0;
	}
	transfer = gdb_session_transfer(session, address, MIN(length, room));
	got = transfer_read(&transfer, bytes, room);
	if (got == 0 && length > 0)
		gdb_reply_error(&session->reply, transfer.error);
	return got;
}

void gdb_answer_read(struct gdb_session *session, struct gdb_text text)
{
	char bytes[GDB_PACKET_MAX / 2];

	gdb_reply_hex(&session->reply, bytes, read_memory(session, &text, bytes, sizeof(bytes)));
}

/* What there is no room for is left to another request. */
void gdb_answer_read_binary(struct gdb_session *session, struct gdb_text text)
{
	char bytes[GDB_PACKET_MAX - 1];
	size_t got = read_memory(session, &text, bytes, sizeof(bytes));

	if (session->reply.length > 0)
		return;
	gdb_reply_text(&session->reply, "b");
	gdb_reply_binary(&session->reply, bytes, got);
}

/* All of them, or it is a failure. */
static void write_memory(struct gdb_session *session, uint64_t address, const char *bytes,
			 size_t length)
{
	struct transfer transfer = gdb_session_transfer(session, address, length);

	if (transfer_write(&transfer, bytes, length) == length)
		gdb_reply_text(&session->reply, "OK");
	else
		gdb_reply_error(&session->reply, transfer.error);
}

static void take_write(struct gdb_session *session, struct gdb_text text,
		       ssize_t (*take)(struct gdb_text *text, void *bytes, size_t room))
{
	char bytes[GDB_PACKET_MAX];
	uint64_t address, length;
	ssize_t count = -1;

	if (gdb_text_numbers(&text, &address, &length) && gdb_text_skip(&text, ":"))
		count = take(&text, bytes, sizeof(bytes));
	if (count < 0 || (uint64_t)count != length)
		gdb_reply_error(&session->reply, EINVAL);
	else
		write_memory(session, address, bytes, (size_t)count);
}

void gdb_answer_write(struct gdb_session *session, struct gdb_text text)
{
	take_write(session, text, gdb_text_bytes);
}

void gdb_answer_write_binary(struct gdb_session *session, struct gdb_text text)
{
	take_write(session, text, gdb_text_binary);
}
