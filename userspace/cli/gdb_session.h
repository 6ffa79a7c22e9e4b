/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of memrw gdbserver, and what it has asked for until now.
 */
#ifndef CLI_GDB_SESSION_H
#define CLI_GDB_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core_image.h"
#include "gdb_file.h"
#include "gdb_link.h"
#include "gdb_registers.h"
#include "gdb_reply.h"
#include "gdb_text.h"
#include "gdb_watch.h"
#include "gdb_xfer.h"
#include "memrw.h"
#include "transfer.h"

/**
 * struct gdb_session - of one client
 * @target: the target
 * @via: how it is opened, again after an execve(2)
 * @flags: MEMRW_FORCE
 * @pid: of the target
 * @pidfd: readable when that has exited; -1 where there is none
 * @image: what machine it is for; its @machine is 0 where that is not known
 * @link: to the client
 * @reply: to the packet at hand
 * @multiprocess: the client writes threads as "pPID.TID"
 * @exec_events: it wants to know of an execve(2)
 * @over: it wants an end
 * @tid: the thread that it asks about
 * @registers: those of the last hit; none while the target is said to run
 * @registers_tid: whose they are
 */
struct gdb_session {
	struct memrw_target *target;
	enum memrw_backend via;
	unsigned int flags;
	pid_t pid;
	int pidfd;
	struct core_image image;
	struct gdb_link link;
	struct gdb_reply reply;
	bool multiprocess;
	bool exec_events;
	bool over;
	pid_t tid;
	struct gdb_registers registers;
	pid_t registers_tid;
	struct gdb_watches watches;
	struct gdb_files files;
	struct gdb_xfer xfer;
};

/**
 * gdb_session_begin() - with a target
 * @session: its @target, @via, @flags and @link are set
 */
void gdb_session_begin(struct gdb_session *session);

/**
 * gdb_session_follow() - open the target again, which has replaced its memory
 *
 * Return: false if that is not possible.
 */
bool gdb_session_follow(struct gdb_session *session);

/** gdb_session_transfer() - of the target's memory, as the session may access it */
struct transfer gdb_session_transfer(const struct gdb_session *session, uint64_t address,
				     uint64_t length);

/** gdb_session_end() - give back what it holds, the target, too */
void gdb_session_end(struct gdb_session *session);

/*
 * Answers to packets: each takes what is behind the packet's name, and leaves
 * session->reply empty where it is no request that it knows.
 */

/* gdb_memory.c */
void gdb_answer_read(struct gdb_session *session, struct gdb_text text);
void gdb_answer_read_binary(struct gdb_session *session, struct gdb_text text);
void gdb_answer_write(struct gdb_session *session, struct gdb_text text);
void gdb_answer_write_binary(struct gdb_session *session, struct gdb_text text);

/* gdb_search.c */
void gdb_answer_search(struct gdb_session *session, struct gdb_text text);
void gdb_answer_crc(struct gdb_session *session, struct gdb_text text);

/* gdb_thread.c */
void gdb_answer_select(struct gdb_session *session, struct gdb_text text);
void gdb_answer_is_alive(struct gdb_session *session, struct gdb_text text);
void gdb_answer_current(struct gdb_session *session, struct gdb_text text);
void gdb_answer_threads(struct gdb_session *session, struct gdb_text text);
void gdb_answer_no_more_threads(struct gdb_session *session, struct gdb_text text);

/* gdb_registers.c */
void gdb_answer_registers(struct gdb_session *session, struct gdb_text text);
void gdb_answer_set_registers(struct gdb_session *session, struct gdb_text text);

/* gdb_watch.c */
void gdb_answer_watch(struct gdb_session *session, struct gdb_text text);
void gdb_answer_unwatch(struct gdb_session *session, struct gdb_text text);

/* gdb_run.c */
void gdb_answer_why(struct gdb_session *session, struct gdb_text text);
void gdb_answer_resume(struct gdb_session *session, struct gdb_text text);
void gdb_answer_resume_one(struct gdb_session *session, struct gdb_text text);
void gdb_answer_step(struct gdb_session *session, struct gdb_text text);
void gdb_answer_signal(struct gdb_session *session, struct gdb_text text);

/* gdb_file.c */
void gdb_answer_file(struct gdb_session *session, struct gdb_text text);

/* gdb_xfer.c */
void gdb_answer_xfer(struct gdb_session *session, struct gdb_text text);

#endif /* CLI_GDB_SESSION_H */
