/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The language of "memrw scan": text into commands, and commands into words.
 * Pure functions over text.
 *
 * Commands end at a line's end or at ";".  Words are separated by blanks; "#"
 * at the beginning of a word begins a comment, which goes on to the line's
 * end.  Between single quotes all is as it stands; between double quotes \" \\
 * \n \t and \xHH stand for a byte.
 */
#ifndef CLI_CONSOLE_LINE_H
#define CLI_CONSOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct console_word - a word
 * @text: without quotes, NUL-terminated
 * @column: of its first character in its line, from 1
 */
struct console_word {
	char *text;
	size_t column;
};

/**
 * struct console_line - a command
 * @words: its words
 * @count: how many; 0 of an empty command
 * @line: number of its line in the text, from 1
 * @store: what the words are in
 */
struct console_line {
	struct console_word *words;
	size_t count;
	size_t line;
	char *store;
};

/**
 * struct console_error - what is wrong, and where
 * @line: in the text, from 1
 * @column: in that line, from 1
 * @why: for a person
 */
struct console_error {
	size_t line;
	size_t column;
	char why[160];
};

/** struct console_text - a text of commands, and how far it was read */
struct console_text {
	const char *next;
	size_t line;
	size_t column;
};

/** console_text_begin() - at the first command of a text, which must stay */
struct console_text console_text_begin(const char *text);

/**
 * console_line_next() - the next command
 * @text: where to begin; out: behind it
 * @line: out: to be given back with console_line_clear() after 1
 * @error: out, after -1
 *
 * Return: 1; 0 at the end of the text; -1 for what cannot be split into words,
 * or with an empty @error->why when there is no memory.
 */
int console_line_next(struct console_text *text, struct console_line *line,
		      struct console_error *error);

/** console_line_clear() - free what it holds */
void console_line_clear(struct console_line *line);

/**
 * console_line_join() - the words from one on, with a blank between two
 *
 * Return: to be freed; NULL with ENOMEM.
 */
char *console_line_join(const struct console_line *line, size_t first);

/** console_error_set() - @error at that place; -1, for return */
int console_error_set(struct console_error *error, size_t line, size_t column,
		      const char *why, ...) __attribute__((format(printf, 4, 5)));

#endif /* CLI_CONSOLE_LINE_H */
