/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Standard output, whose errors must not go unseen: a full disk is a failure.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stddef.h>

/**
 * output_write() - print bytes, and hand over what was printed so far
 *
 * Return: as output_flush().
 */
int output_write(const void *bytes, size_t length);

/**
 * output_flush() - hand over what was printed so far
 *
 * Return: 0, or -1 after a report (one for all calls).
 */
int output_flush(void);

#endif /* CLI_OUTPUT_H */
