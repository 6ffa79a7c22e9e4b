/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a client can connect to.
 */
#ifndef CLI_GDB_LISTEN_H
#define CLI_GDB_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>

/** struct gdb_place - HOST:PORT, taken apart; @host may be "" */
struct gdb_place {
	char host[256];
	char port[16];
};

/** gdb_place_parse() - "HOST:PORT", "[HOST]:PORT" or ":PORT".  Return: is it one? */
bool gdb_place_parse(const char *text, struct gdb_place *place);

/** gdb_is_loopback() - can nobody but this machine reach the address? */
bool gdb_is_loopback(const struct sockaddr *address);

/**
 * gdb_listen() - until one client has connected
 * @text: HOST:PORT, for reports, too; of no HOST it is this machine's own
 * @allow_remote: other addresses than this machine's own are welcome
 * @pidfd: of the target, which may exit meanwhile; -1 if there is none
 * @status: out: the exit status, where it fails
 *
 * Where it listens is printed.
 *
 * Return: a connection; -1 after a report.
 */
int gdb_listen(const char *text, bool allow_remote, int pidfd, int *status);

#endif /* CLI_GDB_LISTEN_H */
