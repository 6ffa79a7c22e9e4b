/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole reads and writes at an offset of a file, with reports.
 */
#ifndef CLI_FILE_IO_H
#define CLI_FILE_IO_H

#include <stddef.h>
#include <stdint.h>

/** file_write() - all bytes; return: 0, or -1 after a report */
int file_write(int fd, const char *path, const void *bytes, size_t length,
	       uint64_t at);

/**
 * file_read() - all bytes
 *
 * Return: 0, or -1 after a report: the file's end is nearer, too.
 */
int file_read(int fd, const char *path, void *bytes, size_t length, uint64_t at);

/**
 * file_create() - a new file, for its owner alone, or an old one made empty
 *
 * What a process has in its memory is not for everyone.
 *
 * Return: a descriptor, or -1 after a report, as for what is no plain file.
 */
int file_create(const char *path);

#endif /* CLI_FILE_IO_H */
