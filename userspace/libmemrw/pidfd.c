// SPDX-License-Identifier: LGPL-2.1-or-later
/* Holding a process, so that its pid cannot come to mean another one. */
#include "pidfd.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int mrw_pidfd_open(pid_t pid)
{
	int fd;

	if (pid <= 0) {
		errno = EINVAL;
		return -1;
	}

	fd = syscall(SYS_pidfd_open, pid, 0);
	/* Newer kernels say ENOENT of a thread that is not the process's first. */
	if (fd < 0 && errno == ENOENT)
		errno = EINVAL;
	return fd;
}

bool mrw_pidfd_exited(int pidfd)
{
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };

	return poll(&pfd, 1, 0) > 0;
}

pid_t mrw_pidfd_proc_pid(int pidfd)
{
	char path[64], line[128];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "re");
	if (!file) {
		/* No /proc, or one that this process may not look itself up in. */
		if (errno == ENOENT || errno == EACCES)
			errno = ENOTSUP;
		return -1;
	}
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "Pid: %d", &pid) == 1)
			break;
	fclose(file);

	if (pid > 0)
		return pid;
	/* -1: it has exited; 0: this /proc's namespace does not show it. */
	errno = pid < 0 ? ESRCH : ENOTSUP;
	return -1;
}
