// SPDX-License-Identifier: GPL-2.0-only
#include "lib/figure.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long find(FILE *file, const char *key)
{
	size_t length = strlen(key);
	char line[256];

	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, length))
			return strtol(line + length + strspn(line + length, ": \t"), NULL, 10);
	}
	return -1;
}

long figure(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	long number;

	if (!file)
		return -1;
	number = find(file, key ? key : "");
	fclose(file);
	return number;
}

long figure_in(int fd, const char *key)
{
	char text[8192];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
	FILE *file = length > 0 ? fmemopen(text, length, "r") : NULL;
	long number;

	if (!file)
		return -1;
	number = find(file, key);
	fclose(file);
	return number;
}

bool figure_set(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, word, strlen(word)) == (ssize_t)strlen(word);

	if (fd >= 0)
		close(fd);
	return done;
}

long figure_entries(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	long count = 0;

	if (!directory)
		return 0;
	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

long figure_of_process(pid_t pid, const char *key)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return figure(path, key);
}

long figure_descriptors(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	return figure_entries(path);
}

long figure_module_references(void)
{
	return figure("/sys/module/memrw/refcnt", NULL);
}

long figure_pins(void)
{
	/* Each processor has some that it has not told yet. */
	figure_set("/proc/sys/vm/stat_refresh", "1");
	return figure("/proc/vmstat", "nr_foll_pin_acquired ") -
	       figure("/proc/vmstat", "nr_foll_pin_released ");
}
