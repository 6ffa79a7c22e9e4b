// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <string.h>

#include "gdb_server.h"

/*
 * What is about the conversation itself
 */

static bool has_feature(const struct gdb_text *text, const char *feature)
{
	size_t left = (size_t)(text->end - text->next);
	const char *found = memmem(text->next, left, feature, strlen(feature));

	return found && (found[-1] == ';' || found[-1] == ':');
}

static void answer_supported(struct gdb_session *session, struct gdb_text text)
{
	if (!gdb_text_ended(&text) && *text.next != ':')
		return;
	session->multiprocess = has_feature(&text, "multiprocess+");
	session->exec_events = has_feature(&text, "exec-events+");
	gdb_reply_text(&session->reply,
		       "PacketSize=%x;QStartNoAckMode+;multiprocess+;exec-events+;vContSupported+;"
		       "binary-upload+;qXfer:auxv:read+;qXfer:exec-file:read+;"
		       "qXfer:features:read+;qXfer:libraries-svr4:read+;qXfer:threads:read+",
		       GDB_PACKET_MAX);
}

/* Of this answer the acknowledgement still comes, and is passed over. */
static void answer_trust(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	session->link.trusted = true;
	gdb_reply_text(&session->reply, "OK");
}

/* It was there before: gdb leaves it alone when it goes. */
static void answer_attached(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	gdb_reply_text(&session->reply, "1");
}

static void answer_detach(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	session->over = true;
	gdb_reply_text(&session->reply, "OK");
}

/* There is no answer to it, not even a refusal. */
static void answer_kill(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	session->over = true;
}

static void refuse_kill(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	gdb_reply_refuse(&session->reply, "the target is never killed");
}

static void answer_monitor(struct gdb_session *session, struct gdb_text text)
{
	static const char help[] =
		"The target runs all the time. Its memory can be printed and set, and be watched:\n"
		"'continue' waits for a hit. What is not known of registers is <unavailable>.\n"
		"There are no breakpoints, steps or signals, and 'kill' does not. See\n"
		"memrw-gdbserver(1).\n";
	char command[16] = "";
	ssize_t length = gdb_text_bytes(&text, command, sizeof(command) - 1);

	if (length < 0 || strcmp(command, "help") != 0)
		gdb_reply_refuse(&session->reply, "there is 'monitor help' alone");
	else
		gdb_reply_hex(&session->reply, help, strlen(help));
}

/*
 * All packets: where one begins as another does, the longer one is first.  What is
 * not here gets an empty answer.
 */
static const struct {
	const char *name;
	void (*answer)(struct gdb_session *session, struct gdb_text text);
} packets[] = {
	{ "qSupported", answer_supported },
	{ "QStartNoAckMode", answer_trust },
	{ "qAttached", answer_attached },
	{ "qRcmd,", answer_monitor },
	{ "qXfer:", gdb_answer_xfer },
	{ "qSearch:memory:", gdb_answer_search },
	{ "qCRC:", gdb_answer_crc },
	{ "qfThreadInfo", gdb_answer_threads },
	{ "qsThreadInfo", gdb_answer_no_more_threads },
	{ "qC", gdb_answer_current },
	{ "vFile:", gdb_answer_file },
	{ "vCont", gdb_answer_resume },
	{ "vKill", refuse_kill },
	{ "H", gdb_answer_select },
	{ "T", gdb_answer_is_alive },
	{ "?", gdb_answer_why },
	{ "g", gdb_answer_registers },
	{ "G", gdb_answer_set_registers },
	{ "P", gdb_answer_set_registers },
	{ "m", gdb_answer_read },
	{ "x", gdb_answer_read_binary },
	{ "M", gdb_answer_write },
	{ "X", gdb_answer_write_binary },
	{ "Z", gdb_answer_watch },
	{ "z", gdb_answer_unwatch },
	{ "c", gdb_answer_resume_one },
	{ "C", gdb_answer_signal },
	{ "s", gdb_answer_step },
	{ "S", gdb_answer_step },
	{ "D", answer_detach },
	{ "k", answer_kill },
};

void gdb_server_answer(struct gdb_session *session, const char *packet, size_t length)
{
	gdb_reply_clear(&session->reply);
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct gdb_text text = { packet, packet + length };

		if (!gdb_text_skip(&text, packets[i].name))
			continue;
		packets[i].answer(session, text);
		return;
	}
}

static void answer(struct gdb_session *session)
{
	const struct gdb_parser *parser = &session->link.parser;

	gdb_server_answer(session, parser->data, parser->length);
	if (session->over && session->reply.length == 0)
		return;
	gdb_link_send(&session->link, session->reply.data, session->reply.length);
}

void gdb_server_run(struct gdb_session *session)
{
	while (!session->over) {
		switch (gdb_link_wait(&session->link)) {
		case GDB_EVENT_PACKET:
			answer(session);
			break;
		case GDB_EVENT_TOO_LONG:
			gdb_reply_error(&session->reply, E2BIG);
			gdb_link_send(&session->link, session->reply.data, session->reply.length);
			break;
		case GDB_EVENT_CLOSED:
			return;
		default:
			/* An interrupt of what is said to be stopped. */
			break;
		}
	}
}
