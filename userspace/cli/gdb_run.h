/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What "continue" is to a target that always runs: waiting for a watch to hit.
 */
#ifndef CLI_GDB_RUN_H
#define CLI_GDB_RUN_H

#include <stdbool.h>

/**
 * gdb_wait_status() - how a process has ended, while its parent does not know yet
 * @line: of /proc/PID/stat
 * @status: out: as wait(2) has it
 *
 * Return: false if it does not say.
 */
bool gdb_wait_status(const char *line, int *status);

#endif /* CLI_GDB_RUN_H */
