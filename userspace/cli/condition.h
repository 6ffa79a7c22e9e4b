/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A condition of a pass in the language of "memrw scan".  Pure functions.
 */
#ifndef CLI_CONDITION_H
#define CLI_CONDITION_H

#include "console_line.h"
#include "memrw.h"

/**
 * struct condition - what a pass is to keep
 * @op: see there
 * @value: NULL for none
 * @upper: of a range
 * @snapshot: NULL, or a word of the line
 * @column: of the value, or of the condition where it has none
 * @pointees: number of the word that the regions of MEMRW_SCAN_POINTS_INTO begin
 *	at; may be behind the last
 */
struct condition {
	enum memrw_scan_op op;
	char *value;
	char *upper;
	const char *snapshot;
	size_t column;
	size_t pointees;
};

/** condition_begins() - is a word that is no command the begin of a condition? */
bool condition_begins(const char *word);

/**
 * condition_parse() - a condition
 * @condition: out: to be given back with condition_clear() after 0
 * @line: its words; must stay
 * @error: out, after -1; with an empty @error->why when there is no memory
 *
 * Whether a value is one of the scan's types is not looked at.
 *
 * Return: 0 or -1.
 */
int condition_parse(struct condition *condition, const struct console_line *line,
		    struct console_error *error);

/** condition_is_relative() - does it compare with what was? */
bool condition_is_relative(const struct condition *condition);

/** condition_clear() - free what it holds */
void condition_clear(struct condition *condition);

#endif /* CLI_CONDITION_H */
