// SPDX-License-Identifier: GPL-2.0-only

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threads.h"

/* Return: 0, or -1 with errno. */
static int append(pid_t **tids, size_t *count, pid_t tid)
{
	pid_t *grown;

	/* At powers of two there is no room for one more. */
	if ((*count & (*count - 1)) == 0) {
		grown = realloc(*tids, (*count ? 2 * *count : 1) * sizeof(*grown));
		if (!grown)
			return -1;
		*tids = grown;
	}
	(*tids)[(*count)++] = tid;
	return 0;
}

static ssize_t read_tids(DIR *directory, pid_t **tids)
{
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(directory))) {
		pid_t tid = strtol(entry->d_name, NULL, 10);

		if (tid > 0 && append(tids, &count, tid) < 0)
			return -1;
	}
	return count;
}

ssize_t threads_list(pid_t pid, pid_t **tids)
{
	char path[32];
	ssize_t count;
	DIR *directory;

	*tids = NULL;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	directory = opendir(path);
	if (!directory) {
		if (errno == ENOENT)
			errno = ESRCH;
		return -1;
	}
	count = read_tids(directory, tids);
	closedir(directory);
	if (count > 0)
		return count;
	errno = count < 0 ? ENOMEM : ESRCH;
	free(*tids);
	*tids = NULL;
	return -1;
}

char threads_state(pid_t pid, pid_t tid)
{
	char path[64], line[256], *name_end;
	FILE *file;
	size_t got;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	file = fopen(path, "re");
	if (!file)
		return 'X';
	got = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[got] = '\0';
	/* A name may have any byte in it, but none of what is behind it has a ")". */
	name_end = strrchr(line, ')');
	if (!name_end || name_end[1] != ' ' || name_end[2] == 'Z')
		return 'X';
	return name_end[2];
}
