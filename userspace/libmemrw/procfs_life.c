// SPDX-License-Identifier: LGPL-2.1-or-later
/* What becomes of a process that the procfs backend has bound. */
#include "pidfd.h"
#include "procfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t mrw_procfs_read_file(int dir, const char *name, char *text, size_t size)
{
	ssize_t got;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, text, size - 1);
	close(fd);
	if (got >= 0)
		text[got] = '\0';
	return got;
}

/* An address that no process has: reading it fails, unless nothing is left. */
#define NOWHERE (INT64_MAX - 7)

static bool memory_is_gone(const struct procfs *p)
{
	char byte;

	return pread(p->mem, &byte, 1, NOWHERE) == 0;
}

bool mrw_procfs_has_no_memory(int dir)
{
	char statm[128];

	return mrw_procfs_read_file(dir, "statm", statm, sizeof(statm)) > 0 &&
	       !strncmp(statm, "0 ", 2);
}

/* The directory of a thread in @tasks that has memory; -1 if none has. */
static int find_thread(DIR *tasks, pid_t *tid)
{
	struct dirent *entry;
	int dir;

	while ((entry = readdir(tasks))) {
		*tid = atoi(entry->d_name);
		if (*tid <= 0)
			continue;
		dir = openat(dirfd(tasks), entry->d_name,
			     O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir >= 0 && !mrw_procfs_has_no_memory(dir))
			return dir;
		if (dir >= 0)
			close(dir);
	}
	return -1;
}

int mrw_procfs_open_thread(int process_dir, pid_t *tid)
{
	int fd, dir = -1;
	DIR *tasks;

	fd = openat(process_dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tasks = fd < 0 ? NULL : fdopendir(fd);
	if (tasks) {
		dir = find_thread(tasks, tid);
		closedir(tasks);
	} else if (fd >= 0) {
		close(fd);
	}
	if (dir < 0)
		errno = ESRCH;
	return dir;
}

static bool has_living_thread(int process_dir)
{
	pid_t tid;
	int dir;

	if (!mrw_procfs_has_no_memory(process_dir))
		return true;
	dir = mrw_procfs_open_thread(process_dir, &tid);
	if (dir >= 0)
		close(dir);
	return dir >= 0;
}

int mrw_procfs_gone(const struct procfs *p)
{
	if (mrw_procfs_has_no_memory(p->dir) || mrw_pidfd_exited(p->pidfd))
		return ESRCH;
	return ESTALE;
}

static int lost(int reason)
{
	errno = reason;
	return -1;
}

/*
 * That the address space is alive is not enough: after vfork() the parent
 * keeps it alive for itself.
 */
int mrw_procfs_confirm(const struct procfs *p)
{
	if (mrw_pidfd_exited(p->pidfd))
		return lost(ESRCH);

	switch (mrw_image_compare(&p->image, p->pid, p->dir, p->mem)) {
	case MRW_IMAGE_SAME:
		return 0;
	case MRW_IMAGE_OTHER:
		return lost(mrw_procfs_gone(p));
	case MRW_IMAGE_UNKNOWN:
		break;
	}
	if (!has_living_thread(p->dir))
		return lost(ESRCH);
	return memory_is_gone(p) ? lost(mrw_procfs_gone(p)) : 0;
}

static int duplicate(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

int mrw_procfs_keep(struct procfs *copy, const struct procfs *p)
{
	*copy = *p;
	copy->pidfd = duplicate(p->pidfd);
	copy->dir = duplicate(p->dir);
	copy->mem = duplicate(p->mem);
	if (copy->pidfd >= 0 && copy->dir >= 0 && copy->mem >= 0)
		return 0;
	mrw_procfs_let_go(copy);
	return -1;
}

void mrw_procfs_let_go(struct procfs *copy)
{
	int saved = errno;

	if (copy->pidfd >= 0)
		close(copy->pidfd);
	if (copy->dir >= 0)
		close(copy->dir);
	if (copy->mem >= 0)
		close(copy->mem);
	errno = saved;
}
