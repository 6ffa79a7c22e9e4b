// SPDX-License-Identifier: LGPL-2.1-or-later
/* The threads and processors that a watch of the procfs backend is for. */
#include "procfs_watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int add_number(struct mrw_numbers *numbers, int value)
{
	const size_t size = (numbers->count + 1) * sizeof(*numbers->values);
	int *values;

	values = realloc(numbers->values, size);
	if (!values)
		return -1;
	numbers->values = values;
	values[numbers->count++] = value;
	return 0;
}

/* From "0-3,7" on. */
static int parse_numbers(struct mrw_numbers *numbers, const char *text)
{
	long first, last;
	char *end;

	for (;;) {
		first = strtol(text, &end, 10);
		if (end == text)
			return 0;
		last = *end == '-' ? strtol(end + 1, &end, 10) : first;
		for (; first <= last; first++) {
			if (add_number(numbers, (int)first) < 0)
				return -1;
		}
		text = end + 1;
		if (*end != ',')
			return 0;
	}
}

/* Those that there are; one that is added later is not watched. */
int mrw_list_processors(struct mrw_numbers *cpus)
{
	char text[4096];

	if (mrw_procfs_read_file(AT_FDCWD, "/sys/devices/system/cpu/online", text,
				 sizeof(text)) < 0) {
		if (errno == ENOENT)
			errno = ENOTSUP;
		return -1;
	}
	return parse_numbers(cpus, text);
}

static int read_tasks(struct mrw_numbers *tids, DIR *tasks)
{
	struct dirent *entry;
	int tid;

	while ((entry = readdir(tasks))) {
		tid = atoi(entry->d_name);
		if (tid > 0 && add_number(tids, tid) < 0)
			return -1;
	}
	return 0;
}

int mrw_list_threads(struct mrw_numbers *tids, const struct procfs *p)
{
	DIR *tasks;
	int fd, ret;

	fd = openat(p->dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tasks = fd < 0 ? NULL : fdopendir(fd);
	if (!tasks) {
		/* The process has gone, or there are too many descriptors. */
		if (errno == ENOENT)
			errno = ESRCH;
		if (fd >= 0)
			close(fd);
		return -1;
	}
	ret = read_tasks(tids, tasks);
	closedir(tasks);
	return ret;
}
