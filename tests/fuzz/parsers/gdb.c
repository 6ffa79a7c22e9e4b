// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes of a client of memrw gdbserver: packets, whole or not, and what they ask for.
 * The target is the fuzzer itself, and only read; nobody hears the answers.
 */
#include "gdb_server.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

/* What a reply may have in it: nothing that ends a packet or begins another. */
static void check_reply(const struct gdb_reply *reply)
{
	require(reply->length <= sizeof(reply->data));
	require(!memchr(reply->data, '#', reply->length));
	require(!memchr(reply->data, '$', reply->length));
}

/* Of memory that cannot be read there is much, and it takes long to be searched. */
static int is_slow(const char *packet)
{
	return strncmp(packet, "qSearch", 7) == 0 || strncmp(packet, "qCRC", 4) == 0;
}

static void answer(struct gdb_session *session)
{
	const struct gdb_parser *parser = &session->link.parser;

	require(parser->length <= GDB_PACKET_MAX);
	require(parser->data[parser->length] == '\0');
	/* Each failure is told on standard error. */
	if (parser->data[0] == 'Z' || is_slow(parser->data))
		return;
	gdb_server_answer(session, parser->data, parser->length);
	check_reply(&session->reply);
}

/* The target is opened once, for that takes longest. */
static struct gdb_session *begin(void)
{
	static struct gdb_session session = { .via = MEMRW_BACKEND_PROCFS };

	if (!session.target) {
		session.target = memrw_target_open(getpid(), session.via, MEMRW_OPEN_READ_ONLY);
		require(session.target != NULL);
		gdb_session_begin(&session);
	}
	session.multiprocess = false;
	session.over = false;
	/* What would wait for the target ends at once. */
	session.link = (struct gdb_link){ .in = -1, .out = -1, .closed = true };
	return &session;
}

static void end(struct gdb_session *session)
{
	gdb_xfer_clear(&session->xfer);
	gdb_files_end(&session->files);
	gdb_files_begin(&session->files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gdb_session *session = begin();
	struct gdb_parser *parser = &session->link.parser;

	for (size_t i = 0; i < size; i++) {
		enum gdb_event event = gdb_parser_take(parser, data[i]);

		/* Right checksums, or nothing would get further. */
		if (parser->state == GDB_SUM_HIGH) {
			char sum[2];

			gdb_hex(sum, &parser->sum, 1);
			gdb_parser_take(parser, (unsigned char)sum[0]);
			event = gdb_parser_take(parser, (unsigned char)sum[1]);
			require(event == GDB_EVENT_PACKET || event == GDB_EVENT_TOO_LONG);
		}
		if (event == GDB_EVENT_PACKET)
			answer(session);
	}
	end(session);
	return 0;
}
