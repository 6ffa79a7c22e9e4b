// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_thread.h"
#include "process_status.h"
#include "threads.h"
#include "xml_text.h"

const char *gdb_thread_text(const struct gdb_session *session, pid_t tid,
			    char text[GDB_THREAD_TEXT])
{
	unsigned int pid = (unsigned int)session->pid, thread = (unsigned int)tid;

	if (session->multiprocess)
		snprintf(text, GDB_THREAD_TEXT, "p%x.%x", pid, thread);
	else
		snprintf(text, GDB_THREAD_TEXT, "%x", thread);
	return text;
}

static bool is_ours(const struct gdb_session *session, pid_t tid)
{
	return threads_state(session->pid, tid) != 'X';
}

/* "Any" and "all" are the process's first. */
static bool take_thread(const struct gdb_session *session, struct gdb_text *text, pid_t *tid)
{
	struct gdb_thread thread;

	if (!gdb_text_thread(text, &thread) || !gdb_text_ended(text))
		return false;
	if (thread.pid > 0 && thread.pid != session->pid)
		return false;
	*tid = thread.tid > 0 ? (pid_t)thread.tid : session->pid;
	return true;
}

/* "g": whose registers are asked for. "c": what goes on, which all threads do. */
void gdb_answer_select(struct gdb_session *session, struct gdb_text text)
{
	bool for_registers = gdb_text_skip(&text, "g");
	pid_t tid;

	if (!for_registers && !gdb_text_skip(&text, "c"))
		return;
	if (!take_thread(session, &text, &tid)) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	if (tid != session->pid && !is_ours(session, tid)) {
		gdb_reply_error(&session->reply, ESRCH);
		return;
	}
	if (for_registers)
		session->tid = tid;
	gdb_reply_text(&session->reply, "OK");
}

void gdb_answer_is_alive(struct gdb_session *session, struct gdb_text text)
{
	pid_t tid;

	if (take_thread(session, &text, &tid) && is_ours(session, tid))
		gdb_reply_text(&session->reply, "OK");
	else
		gdb_reply_error(&session->reply, ESRCH);
}

void gdb_answer_current(struct gdb_session *session, struct gdb_text text)
{
	char name[GDB_THREAD_TEXT];

	if (gdb_text_ended(&text))
		gdb_reply_text(&session->reply, "QC%s",
			       gdb_thread_text(session, session->tid, name));
}

/* As many as a packet has room for, which is hundreds; the rest is in the XML. */
void gdb_answer_threads(struct gdb_session *session, struct gdb_text text)
{
	pid_t *tids;
	ssize_t count;
	char name[GDB_THREAD_TEXT];

	if (!gdb_text_ended(&text))
		return;
	count = threads_list(session->pid, &tids);
	if (count < 0) {
		gdb_reply_error(&session->reply, errno);
		return;
	}
	for (ssize_t i = 0; i < count; i++) {
		if (session->reply.length + GDB_THREAD_TEXT > GDB_PACKET_MAX)
			break;
		gdb_reply_text(&session->reply, "%c%s", i ? ',' : 'm',
			       gdb_thread_text(session, tids[i], name));
	}
	free(tids);
}

void gdb_answer_no_more_threads(struct gdb_session *session, struct gdb_text text)
{
	if (gdb_text_ended(&text))
		gdb_reply_text(&session->reply, "l");
}

int gdb_threads_write(struct gdb_session *session, const char *annex, FILE *out)
{
	char id[GDB_THREAD_TEXT], name[32];
	ssize_t count;
	pid_t *tids;

	if (annex[0] != '\0')
		return ENOENT;
	count = threads_list(session->pid, &tids);
	if (count < 0)
		return errno;
	fputs("<?xml version=\"1.0\"?>\n<threads>\n", out);
	for (ssize_t i = 0; i < count; i++) {
		fprintf(out, "<thread id=\"%s\" name=\"", gdb_thread_text(session, tids[i], id));
		process_name(tids[i], name, sizeof(name));
		xml_write(out, name, strlen(name));
		fputs("\"/>\n", out);
	}
	fputs("</threads>\n", out);
	free(tids);
	return 0;
}
