/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a subcommand is: a file of its own, and a line in main.c's table.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

/* The exit status of every subcommand. */
enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
};

/* argv[0] is the subcommand's name. */
int command_atomic(int argc, char **argv);
int command_complete(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_freeze(int argc, char **argv);
int command_gdbserver(int argc, char **argv);
int command_info(int argc, char **argv);
int command_load(int argc, char **argv);
int command_maps(int argc, char **argv);
int command_pointers(int argc, char **argv);
int command_poll(int argc, char **argv);
int command_read(int argc, char **argv);
int command_scan(int argc, char **argv);
int command_search(int argc, char **argv);
int command_view(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_write(int argc, char **argv);

/* The name of a subcommand that users see; NULL past the last one. */
const char *command_name(size_t i);

/* What a subcommand's --help prints; NULL if there is no such one. */
const char *command_help_text(const char *name);

#endif /* CLI_COMMAND_H */
