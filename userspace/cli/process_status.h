/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What /proc tells anyone about a process and about its own rules.
 */
#ifndef CLI_PROCESS_STATUS_H
#define CLI_PROCESS_STATUS_H

#include <stddef.h>
#include <sys/types.h>

/**
 * process_status() - a number of /proc/PID/status
 * @pid: the process
 * @field: "Uid:" and the like
 *
 * Return: the first number behind @field, or -1.
 */
long process_status(pid_t pid, const char *field);

/** process_name() - the name of a process, "?" if it cannot be known */
const char *process_name(pid_t pid, char *name, size_t size);

/** process_start() - when a process was started, in local time; "?" if not known */
const char *process_start(pid_t pid, char *start, size_t size);

/**
 * process_command() - the command line of a process, as it is to be read
 *
 * With blanks between its words and escapes for what cannot be printed; cut,
 * with "..." behind it, where it is longer than @size. "?" if not known.
 */
const char *process_command(pid_t pid, char *command, size_t size);

/** process_yama() - kernel.yama.ptrace_scope, 0 without Yama */
int process_yama(void);

#endif /* CLI_PROCESS_STATUS_H */
