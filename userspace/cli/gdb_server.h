/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answering a client's packets.
 */
#ifndef CLI_GDB_SERVER_H
#define CLI_GDB_SERVER_H

#include "gdb_session.h"

/** gdb_server_answer() - to the packet of @length bytes; the answer is session->reply */
void gdb_server_answer(struct gdb_session *session, const char *packet, size_t length);

/** gdb_server_run() - until the client goes, or wants an end */
void gdb_server_run(struct gdb_session *session);

#endif /* CLI_GDB_SERVER_H */
