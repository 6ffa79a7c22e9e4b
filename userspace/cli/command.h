/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a subcommand is: a file of its own, and a line in main.c's table.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/* The exit status of every subcommand. */
enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
};

/* argv[0] is the subcommand's name. */
int command_atomic(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_freeze(int argc, char **argv);
int command_info(int argc, char **argv);
int command_load(int argc, char **argv);
int command_maps(int argc, char **argv);
int command_pointers(int argc, char **argv);
int command_read(int argc, char **argv);
int command_write(int argc, char **argv);

#endif /* CLI_COMMAND_H */
