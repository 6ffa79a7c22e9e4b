/* SPDX-License-Identifier: GPL-2.0-only */
/* Small files under /proc and /sys, read and written whole. */
#ifndef FILE_H
#define FILE_H

#include <stddef.h>
#include <sys/types.h>

/* Bytes read, with a NUL behind them, or -errno. */
ssize_t file_read(const char *path, char *text, size_t size);

/* 0, or -errno. */
int file_write(const char *path, const char *text);

/* The number behind @key at the start of a line ("VmRSS:"); -1 without one. */
long long file_number(const char *path, const char *key);

#endif
