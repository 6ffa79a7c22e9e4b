/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The target's threads, as the client writes them.
 */
#ifndef CLI_GDB_THREAD_H
#define CLI_GDB_THREAD_H

#include <stdio.h>
#include <sys/types.h>

#include "gdb_session.h"

/* Room for "pPID.TID". */
#define GDB_THREAD_TEXT	32

/** gdb_thread_text() - the name of a thread, as the client takes it; @text is returned */
const char *gdb_thread_text(const struct gdb_session *session, pid_t tid,
			    char text[GDB_THREAD_TEXT]);

/** gdb_threads_write() - a list of the threads, in XML.  Return: 0, or an errno. */
int gdb_threads_write(struct gdb_session *session, const char *annex, FILE *out);

#endif /* CLI_GDB_THREAD_H */
