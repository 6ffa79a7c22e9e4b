/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The threads of a process, as /proc has them.
 */
#ifndef CLI_THREADS_H
#define CLI_THREADS_H

#include <stddef.h>
#include <sys/types.h>

/**
 * threads_list() - the thread IDs of a process
 * @pid: the process
 * @tids: out, in the order of /proc; to be freed
 *
 * Return: how many, or -1 with errno: ESRCH if there is no such process.
 */
ssize_t threads_list(pid_t pid, pid_t **tids);

/**
 * threads_state() - what a thread is doing
 *
 * Return: a letter of /proc/PID/stat: 'R' runs, 'S' sleeps, 'D' waits and
 * cannot be interrupted, 'T' is stopped, 't' is stopped by its tracer; 'X' if
 * it is no more, has no memory any more ('Z') or cannot be seen.
 */
char threads_state(pid_t pid, pid_t tid);

#endif /* CLI_THREADS_H */
