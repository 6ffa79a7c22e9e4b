/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A buffer that grows with what there is, not with what was asked for.
 */
#ifndef CLI_BYTES_H
#define CLI_BYTES_H

#include <stddef.h>

struct bytes {
	char *data;
	size_t length;
	size_t room;
};

/**
 * bytes_reserve() - room for more at the end
 *
 * Return: where they go, or NULL after a report.
 */
char *bytes_reserve(struct bytes *bytes, size_t more);

/** bytes_clear() - free what it holds */
void bytes_clear(struct bytes *bytes);

#endif /* CLI_BYTES_H */
