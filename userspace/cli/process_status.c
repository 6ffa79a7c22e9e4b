// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process_status.h"

static long find_field(FILE *file, const char *field)
{
	char line[256];

	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, field, strlen(field)) == 0)
			return strtol(line + strlen(field), NULL, 10);
	}
	return -1;
}

long process_status(pid_t pid, const char *field)
{
	char path[32];
	long number;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	number = find_field(file, field);
	fclose(file);
	return number;
}

static void read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (!fgets(line, size, file))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

const char *process_name(pid_t pid, char *name, size_t size)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	read_line(path, name, size);
	if (name[0] == '\0')
		snprintf(name, size, "?");
	return name;
}

int process_yama(void)
{
	char line[16];

	read_line("/proc/sys/kernel/yama/ptrace_scope", line, sizeof(line));
	return atoi(line);
}
