/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Typed values and strings of the target as lines of text.
 */
#ifndef CLI_VALUE_TEXT_H
#define CLI_VALUE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "memrw.h"

/** value_print() - a number */
void value_print(enum memrw_type type, const void *value);

/**
 * string_print() - a string of the target
 *
 * With the escapes of printf(1): "\n", "\r", "\t", "\\", and "\xHH" for other
 * bytes that cannot be printed.
 */
void string_print(const char *string, size_t length);

/** string_write() - the same, to a stream */
void string_write(FILE *stream, const char *string, size_t length);

#endif /* CLI_VALUE_TEXT_H */
