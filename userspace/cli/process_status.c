// SPDX-License-Identifier: GPL-2.0-only

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "process_status.h"
#include "value_text.h"

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

/*
 * When it was started
 */

/* Seconds since 1970; 0 if not known. */
static time_t boot_time(void)
{
	FILE *file = fopen("/proc/stat", "re");
	long seconds = file ? find_field(file, "btime") : -1;

	if (file)
		fclose(file);
	return seconds > 0 ? seconds : 0;
}

/* Behind the name, which may have blanks and brackets: clock ticks after the boot. */
static bool start_ticks(pid_t pid, unsigned long long *ticks)
{
	char path[32], line[1024];
	const char *close;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	read_line(path, line, sizeof(line));
	close = strrchr(line, ')');
	return close && sscanf(close + 1, " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
			       ticks) == 1;
}

const char *process_start(pid_t pid, char *start, size_t size)
{
	unsigned long long ticks;
	time_t boot = boot_time(), time;
	struct tm local;

	snprintf(start, size, "?");
	if (boot == 0 || !start_ticks(pid, &ticks))
		return start;
	time = boot + ticks / sysconf(_SC_CLK_TCK);
	if (!localtime_r(&time, &local) ||
	    strftime(start, size, "%Y-%m-%d %H:%M:%S", &local) == 0)
		snprintf(start, size, "?");
	return start;
}

/*
 * Its command line
 */

static size_t read_command(pid_t pid, char *words, size_t size)
{
	char path[32];
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	length = fread(words, 1, size, file);
	fclose(file);
	while (length > 0 && words[length - 1] == '\0')
		length--;
	for (size_t i = 0; i < length; i++) {
		if (words[i] == '\0')
			words[i] = ' ';
	}
	return length;
}

const char *process_command(pid_t pid, char *command, size_t size)
{
	char words[4096];
	size_t length = read_command(pid, words, sizeof(words));
	size_t written = 0;
	char *text = NULL;
	FILE *stream = open_memstream(&text, &written);

	snprintf(command, size, "?");
	if (!stream)
		return command;
	string_write(stream, words, length);
	if (fclose(stream) == 0 && length > 0)
		snprintf(command, size, "%.*s%s", (int)size - 4, text,
			 written > size - 4 ? "..." : "");
	free(text);
	return command;
}

int process_yama(void)
{
	char line[16];

	read_line("/proc/sys/kernel/yama/ptrace_scope", line, sizeof(line));
	return atoi(line);
}
