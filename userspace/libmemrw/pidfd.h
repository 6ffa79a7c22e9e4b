/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MEMRW_PIDFD_H
#define MEMRW_PIDFD_H

#include <stdbool.h>
#include <sys/types.h>

/* ESRCH no such process; EINVAL not a process, such as a thread's id. */
int mrw_pidfd_open(pid_t pid);

/* True from the moment the whole process has exited, reaped or not. */
bool mrw_pidfd_exited(int pidfd);

/*
 * The process's pid in /proc, which may be mounted for another pid namespace
 * than the caller's.  ENOTSUP where /proc does not tell, ESRCH if it exited.
 */
pid_t mrw_pidfd_proc_pid(int pidfd);

#endif
