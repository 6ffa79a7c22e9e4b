// SPDX-License-Identifier: GPL-2.0-only
#include "lib/file.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/test.h"

ssize_t file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, total = 0;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, text + total, size - 1 - total)) > 0)
		total += n;
	if (n < 0)
		total = -errno;
	else
		text[total] = '\0';
	close(fd);
	return total;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		error = -errno;
	close(fd);
	return error;
}

long long file_number(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	long long number = -1;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return -1;
	while (number < 0 && getline(&line, &size, file) > 0) {
		if (!strncmp(line, key, strlen(key)))
			number = strtoll(line + strlen(key), NULL, 10);
	}
	free(line);
	fclose(file);
	return number;
}
