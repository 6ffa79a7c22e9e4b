// SPDX-License-Identifier: LGPL-2.1-or-later

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memrw.h"
#include "number.h"
#include "path.h"

#define COMM_MAX	15

/* struct pid_list - a growing array */
struct pid_list {
	pid_t *pids;
	size_t count;
	size_t room;
};

static int pid_list_append(struct pid_list *list, pid_t pid)
{
	if (list->count == list->room) {
		size_t more = list->room ? 2 * list->room : 8;
		void *grown = reallocarray(list->pids, more, sizeof(pid));

		if (!grown)
			return -1;
		list->pids = grown;
		list->room = more;
	}
	list->pids[list->count++] = pid;
	return 0;
}

static ssize_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	close(fd);
	if (length >= 0)
		text[length] = '\0';
	return length;
}

/* The first thread of a process may have ended while others go on. */
static bool is_zombie(const char *state)
{
	long threads;
	char letter;

	if (sscanf(state, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld",
		   &letter, &threads) != 2)
		return true;
	return (letter == 'Z' || letter == 'X') && threads <= 1;
}

/* "PID (COMM) STATE ...": COMM may have brackets and spaces of its own. */
static bool has_comm(pid_t pid, const char *comm)
{
	char path[32], stat[512];
	char *open, *close;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_file(path, stat, sizeof(stat)) < 0)
		return false;

	open = strchr(stat, '(');
	close = strrchr(stat, ')');
	if (!open || !close || close < open || is_zombie(close + 1))
		return false;
	*close = '\0';
	return strcmp(open + 1, comm) == 0;
}

static bool has_file_name(pid_t pid, const char *name)
{
	char link[32], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return mrw_path_has_file_name(path, name);
}

static bool has_name(pid_t pid, const char *name)
{
	char comm[COMM_MAX + 1];

	snprintf(comm, sizeof(comm), "%s", name);
	if (!has_comm(pid, comm))
		return false;
	return strlen(name) <= COMM_MAX || has_file_name(pid, name);
}

static int collect(DIR *proc, const char *name, struct pid_list *list)
{
	struct dirent *entry;
	uint64_t pid;

	while ((errno = 0, entry = readdir(proc))) {
		if (mrw_number_parse(entry->d_name, &pid) < 0 || pid > INT_MAX ||
		    (pid_t)pid == getpid())
			continue;
		if (has_name(pid, name) && pid_list_append(list, pid) < 0)
			return -1;
	}
	return errno ? -1 : 0;
}

static int compare(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

ssize_t memrw_process_find(const char *name, pid_t **pids)
{
	struct pid_list list = { 0 };
	int status, error;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		return -1;
	status = collect(proc, name, &list);
	error = errno;
	closedir(proc);
	if (status < 0) {
		free(list.pids);
		errno = error;
		return -1;
	}

	if (list.count > 0)
		qsort(list.pids, list.count, sizeof(*list.pids), compare);
	*pids = list.pids;
	return list.count;
}
