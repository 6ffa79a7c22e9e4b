/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file of lines.
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stddef.h>

/**
 * struct lines - those that say something: not empty ones, nor those that
 *	begin with "#"
 * @lines: without their ends
 * @numbers: of each in the file, from 1
 * @count: how many
 */
struct lines {
	char **lines;
	size_t *numbers;
	size_t count;
};

/**
 * lines_read() - read a file, or standard input for "-"
 * @lines: out; to be given back with lines_clear() in any case
 *
 * Return: 0, or the exit status after a report.
 */
int lines_read(struct lines *lines, const char *path);

/** lines_clear() - free what it holds */
void lines_clear(struct lines *lines);

#endif /* CLI_LINES_H */
