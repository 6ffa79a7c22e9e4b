/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands that change matches have in common: which match, and the
 * value that it is to get.
 */
#ifndef CLI_CONSOLE_VALUE_H
#define CLI_CONSOLE_VALUE_H

#include <sys/types.h>

#include "console.h"

/**
 * struct console_value - the words "[TYPE] VALUE" of a command
 * @type: one bit; 0: that which is shown of each match
 * @text: VALUE; "" where there is none
 * @word: number of its first word
 */
struct console_value {
	unsigned int type;
	char *text;
	size_t word;
};

/**
 * console_position() - the match that the command's second word numbers
 *
 * Return: 0, or the exit status after a report.
 */
int console_position(const struct console *console, uint64_t *position);

/**
 * console_match() - the same, as the first of a walk
 * @flags: MEMRW_SCAN_READ
 * @iter: out: to be closed after 0, behind the last use of @match
 *
 * Return: 0, or the exit status after a report.
 */
int console_match(const struct console *console, unsigned int flags,
		  struct memrw_scan_iter **iter, struct memrw_scan_match *match);

/**
 * console_value_take() - "[TYPE] VALUE" from the command's third word on
 * @value: out: to be given back with console_value_clear()
 *
 * Return: 0, or the exit status after a report.
 */
int console_value_take(const struct console *console, struct console_value *value);

/** console_value_clear() - free what it holds */
void console_value_clear(struct console_value *value);

/** console_value_type() - the type that the value has for a match; one bit */
unsigned int console_value_type(const struct console_value *value,
				const struct memrw_scan_match *match);

/**
 * console_value_encode() - the bytes that a match is to get
 * @bytes: out: room for MEMRW_SCAN_LENGTH_MAX
 * @status: out: the exit status after a report
 *
 * Return: bytes, no more than the match has; -1 after a report.
 */
ssize_t console_value_encode(const struct console *console,
			     const struct console_value *value,
			     const struct memrw_scan_match *match, char *bytes, int *status);

#endif /* CLI_CONSOLE_VALUE_H */
