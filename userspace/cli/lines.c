// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "lines.h"
#include "report.h"

/* Return: 0, or -1 with errno; the line is the list's then. */
static int add(struct lines *lines, char *line, size_t number)
{
	void *texts, *numbers;

	texts = reallocarray(lines->lines, lines->count + 1, sizeof(*lines->lines));
	if (!texts)
		return -1;
	lines->lines = texts;
	numbers = reallocarray(lines->numbers, lines->count + 1, sizeof(*lines->numbers));
	if (!numbers)
		return -1;
	lines->numbers = numbers;
	lines->lines[lines->count] = line;
	lines->numbers[lines->count++] = number;
	return 0;
}

static int read_all(struct lines *lines, FILE *file)
{
	char *line = NULL;
	size_t size = 0, number = 0;

	while (getline(&line, &size, file) >= 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (add(lines, line, number) < 0)
			break;
		line = NULL;
		size = 0;
	}
	free(line);
	return feof(file) ? 0 : -1;
}

int lines_read(struct lines *lines, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int status = -1, error;

	*lines = (struct lines){ 0 };
	if (file)
		status = read_all(lines, file);
	error = errno;
	if (file && file != stdin)
		fclose(file);
	if (status == 0)
		return STATUS_DONE;
	report(path, "%s", strerror(error));
	return STATUS_FAILED;
}

void lines_clear(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->lines[i]);
	free(lines->lines);
	free(lines->numbers);
	*lines = (struct lines){ 0 };
}
