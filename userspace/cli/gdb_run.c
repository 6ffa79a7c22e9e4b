// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target runs all the time, whatever the client believes.  When that continues it,
 * the answer waits for a hit of a watch, and has the registers that the hit was seen
 * with; for an end of the target; or for the client to interrupt.
 */

#include "gdb_run.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gdb_session.h"
#include "gdb_thread.h"
#include "process_status.h"
#include "target_end.h"
#include "threads.h"

/* How often it is looked whether the target runs another program, which nothing tells. */
#define LOOK_MS		100

/* The protocol's numbers of signals, which are these two's here, too. */
#define STOP_HIT	SIGTRAP
#define STOP_INTERRUPT	SIGINT

/* gdb shows it while the target runs. */
static void say(struct gdb_session *session, const char *message)
{
	gdb_reply_clear(&session->reply);
	gdb_reply_text(&session->reply, "O");
	gdb_reply_hex(&session->reply, message, strlen(message));
	gdb_link_send(&session->link, session->reply.data, session->reply.length);
	gdb_reply_clear(&session->reply);
}

static void stop(struct gdb_session *session, int signal, pid_t tid, const char *why)
{
	char thread[GDB_THREAD_TEXT];

	session->tid = tid;
	gdb_reply_text(&session->reply, "T%02x%sthread:%s;", (unsigned int)signal, why,
		       gdb_thread_text(session, tid, thread));
}

/*
 * A thread that the client may take for one that has stopped: gdb goes on from none
 * whose program counter it does not know.  So one that waits, if there is one.
 */
static pid_t choose_thread(struct gdb_session *session)
{
	struct gdb_registers registers;
	pid_t *tids, chosen = session->pid;
	ssize_t count = threads_list(session->pid, &tids);

	for (ssize_t i = 0; i < count; i++) {
		if (gdb_registers_of_waiting(&registers, session->image.machine, session->pid,
					     tids[i])) {
			chosen = tids[i];
			break;
		}
	}
	free(tids);
	return chosen;
}

/*
 * Hits
 */

static bool stop_at_hit(struct gdb_session *session)
{
	struct gdb_watch_stop hit;
	char why[64];

	if (!gdb_watches_take(&session->watches, &hit))
		return false;
	gdb_registers_of_hit(&session->registers, session->image.machine, &hit.hit);
	session->registers_tid = hit.hit.tid;
	snprintf(why, sizeof(why), "%s:%" PRIx64 ";", hit.name, hit.address);
	stop(session, STOP_HIT, hit.hit.tid, why);
	return true;
}

/*
 * The end of the target
 */

/* It is the line's last number; a name, which may have anything in it, ends before. */
bool gdb_wait_status(const char *line, int *status)
{
	const char *state = strrchr(line, ')'), *last = strrchr(line, ' ');

	return state && last && last > state && strncmp(state, ") Z ", 4) == 0 &&
	       sscanf(last, "%d", status) == 1;
}

/* Others than its user are told a 0, whatever it was. */
static bool read_wait_status(const struct gdb_session *session, int *status)
{
	char path[32], line[1024];
	FILE *file;
	bool got;

	if (geteuid() != 0 && process_status(session->pid, "Uid:") != (long)geteuid())
		return false;
	snprintf(path, sizeof(path), "/proc/%d/stat", session->pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	got = fgets(line, sizeof(line), file);
	fclose(file);
	return got && gdb_wait_status(line, status);
}

static void stop_at_exit(struct gdb_session *session)
{
	int status = 0;
	bool killed;

	if (!read_wait_status(session, &status))
		say(session, "memrw: the target has exited; with what status, only its parent knows\n");
	killed = WIFSIGNALED(status);
	gdb_reply_text(&session->reply, "%c%02x", killed ? 'X' : 'W',
		       (unsigned int)(killed ? WTERMSIG(status) : WEXITSTATUS(status)));
	if (session->multiprocess)
		gdb_reply_text(&session->reply, ";process:%x", (unsigned int)session->pid);
}

static void stop_at_exec(struct gdb_session *session)
{
	char link[32], path[PATH_MAX], why[2 * PATH_MAX + 16] = "";
	ssize_t length;

	if (!gdb_session_follow(session)) {
		say(session, "memrw: the target runs another program now, which may not be opened\n");
		stop_at_exit(session);
		return;
	}
	snprintf(link, sizeof(link), "/proc/%d/exe", session->pid);
	length = readlink(link, path, sizeof(path));
	if (session->exec_events && length > 0) {
		strcpy(why, "exec:");
		gdb_hex(why + 5, path, (size_t)length);
		strcpy(why + 5 + 2 * length, ";");
	} else {
		say(session, "memrw: the target runs another program now\n");
	}
	stop(session, STOP_HIT, choose_thread(session), why);
}

static bool stop_at_end(struct gdb_session *session)
{
	int end = target_end(session->target);

	if (end == ESRCH)
		stop_at_exit(session);
	else if (end)
		stop_at_exec(session);
	return end;
}

/*
 * A stop for new libraries, which are always worth a look: of such a one gdb does not
 * ask where, which nobody can say of a thread that runs.
 */
void gdb_answer_why(struct gdb_session *session, struct gdb_text text)
{
	if (gdb_text_ended(&text) && !stop_at_end(session))
		stop(session, STOP_HIT, choose_thread(session), "library:;");
}

/*
 * Waiting
 */

/* What else than an interrupt comes meanwhile is no request that has an answer now. */
static bool stop_at_interrupt(struct gdb_session *session)
{
	enum gdb_event event = gdb_link_look(&session->link);

	if (event == GDB_EVENT_CLOSED)
		session->over = true;
	else if (event == GDB_EVENT_INTERRUPT)
		stop(session, STOP_INTERRUPT, choose_thread(session), "");
	return event == GDB_EVENT_CLOSED || event == GDB_EVENT_INTERRUPT;
}

static void wait_for_something(const struct gdb_session *session)
{
	struct pollfd polls[GDB_WATCH_POLLS + 2];
	size_t count = gdb_watches_poll(&session->watches, polls);

	polls[count++] = (struct pollfd){ .fd = session->link.in, .events = POLLIN };
	polls[count++] = (struct pollfd){ .fd = session->pidfd, .events = POLLIN };
	poll(polls, count, LOOK_MS);
}

/* A hit goes first: what ends the target comes after it. */
static void run(struct gdb_session *session)
{
	session->registers = (struct gdb_registers){ 0 };
	while (!stop_at_hit(session) && !stop_at_end(session) && !stop_at_interrupt(session))
		wait_for_something(session);
}

/* One that was not sent to the client first, which none is. */
static void refuse_signal(struct gdb_session *session)
{
	gdb_reply_refuse(&session->reply, "the target is sent no signals");
}

static void refuse_step(struct gdb_session *session)
{
	gdb_reply_refuse(&session->reply, "the target runs: it cannot be stepped");
}

/* "c", or "C00", with a signal that is none. */
static void resume(struct gdb_session *session, struct gdb_text *text)
{
	uint64_t signal = 0;

	if (gdb_text_skip(text, "c") ||
	    (gdb_text_skip(text, "C") && gdb_text_number(text, &signal) && signal == 0))
		run(session);
	else if (signal)
		refuse_signal(session);
	else
		refuse_step(session);
}

/* "?", or ";ACTION:THREAD" for each; all of the target goes on, so that the first is enough. */
void gdb_answer_resume(struct gdb_session *session, struct gdb_text text)
{
	if (gdb_text_skip(&text, "?"))
		gdb_reply_text(&session->reply, "vCont;c;C");
	else if (gdb_text_skip(&text, ";"))
		resume(session, &text);
}

/* "c", and maybe an address to go on from. */
void gdb_answer_resume_one(struct gdb_session *session, struct gdb_text text)
{
	if (gdb_text_ended(&text))
		run(session);
	else
		gdb_answer_set_registers(session, text);
}

void gdb_answer_signal(struct gdb_session *session, struct gdb_text text)
{
	uint64_t signal;

	if (gdb_text_number(&text, &signal) && signal == 0)
		gdb_answer_resume_one(session, text);
	else
		refuse_signal(session);
}

void gdb_answer_step(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	refuse_step(session);
}
