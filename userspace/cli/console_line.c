// SPDX-License-Identifier: GPL-2.0-only

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console_line.h"

/*
 * struct reader - a command while it is read
 * @at: in the text, which is changed only when all is well
 * @line: out
 * @end: where in the line's store the next byte goes
 * @error: out
 */
struct reader {
	struct console_text at;
	struct console_line *line;
	char *end;
	struct console_error *error;
};

int console_error_set(struct console_error *error, size_t line, size_t column,
		      const char *why, ...)
{
	va_list arguments;

	error->line = line;
	error->column = column;
	va_start(arguments, why);
	vsnprintf(error->why, sizeof(error->why), why, arguments);
	va_end(arguments);
	return -1;
}

struct console_text console_text_begin(const char *text)
{
	return (struct console_text){ .next = text, .line = 1, .column = 1 };
}

static void step(struct console_text *at)
{
	at->column++;
	if (*at->next++ == '\n') {
		at->line++;
		at->column = 1;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_command(char c)
{
	return c == '\0' || c == '\n' || c == ';';
}

static void put(struct reader *reader, char c)
{
	*reader->end++ = c;
}

/*
 * Quotes: each function returns 0, or -1 with the error
 */

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) % 16 : -1;
}

static int take_hex(struct reader *reader)
{
	const char *digits = reader->at.next + 1;
	int high = hex_digit(digits[0]), low = high < 0 ? -1 : hex_digit(digits[1]);

	if (low < 0 || high + low == 0)
		return console_error_set(reader->error, reader->at.line, reader->at.column,
					 "\\x is followed by two hexadecimal digits, not both 0");
	put(reader, (char)(high * 16 + low));
	step(&reader->at);
	step(&reader->at);
	return 0;
}

/* At the letter behind a backslash; left at its last character. */
static int take_escape(struct reader *reader)
{
	static const char letters[] = "\"\\nt", bytes[] = "\"\\\n\t";
	char c = *reader->at.next;
	const char *found = c ? strchr(letters, c) : NULL;

	if (c == 'x')
		return take_hex(reader);
	if (!found)
		return console_error_set(reader->error, reader->at.line, reader->at.column,
					 "no such escape: there are \\\" \\\\ \\n \\t \\xHH");
	put(reader, bytes[found - letters]);
	return 0;
}

static int take_quoted(struct reader *reader)
{
	struct console_text start = reader->at;
	char quote = *start.next;

	for (step(&reader->at); *reader->at.next != quote; step(&reader->at)) {
		char c = *reader->at.next;

		if (c == '\0' || c == '\n')
			return console_error_set(reader->error, start.line, start.column,
						 "the quote is not closed");
		if (c != '\\' || quote == '\'') {
			put(reader, c);
			continue;
		}
		step(&reader->at);
		if (take_escape(reader) < 0)
			return -1;
	}
	step(&reader->at);
	return 0;
}

/*
 * Words
 */

static int take_word(struct reader *reader)
{
	struct console_word *word = &reader->line->words[reader->line->count];

	word->text = reader->end;
	word->column = reader->at.column;
	while (!is_blank(*reader->at.next) && !ends_command(*reader->at.next)) {
		char c = *reader->at.next;

		if (c == '"' || c == '\'') {
			if (take_quoted(reader) < 0)
				return -1;
			continue;
		}
		put(reader, c);
		step(&reader->at);
	}
	put(reader, '\0');
	reader->line->count++;
	return 0;
}

static void skip_comment(struct console_text *at)
{
	while (*at->next && *at->next != '\n')
		step(at);
}

static int take_words(struct reader *reader)
{
	for (;;) {
		while (is_blank(*reader->at.next))
			step(&reader->at);
		if (*reader->at.next == '#')
			skip_comment(&reader->at);
		if (ends_command(*reader->at.next))
			break;
		if (take_word(reader) < 0)
			return -1;
	}
	if (*reader->at.next)
		step(&reader->at);
	return 0;
}

/* A word is at most as long as its text, which has a word every other byte. */
static int make_room(struct reader *reader)
{
	size_t length = strcspn(reader->at.next, "\n");

	reader->line->store = malloc(2 * length + 2);
	reader->line->words = calloc(length / 2 + 1, sizeof(*reader->line->words));
	reader->end = reader->line->store;
	if (reader->line->store && reader->line->words)
		return 0;
	console_error_set(reader->error, reader->at.line, reader->at.column, "%s", "");
	return -1;
}

int console_line_next(struct console_text *text, struct console_line *line,
		      struct console_error *error)
{
	struct reader reader = { .at = *text, .line = line, .error = error };

	*line = (struct console_line){ .line = text->line };
	if (*text->next == '\0')
		return 0;
	if (make_room(&reader) < 0 || take_words(&reader) < 0) {
		console_line_clear(line);
		return -1;
	}
	*text = reader.at;
	return 1;
}

void console_line_clear(struct console_line *line)
{
	free(line->words);
	free(line->store);
	*line = (struct console_line){ 0 };
}

char *console_line_join(const struct console_line *line, size_t first)
{
	size_t length = 1;
	char *joined, *end;

	for (size_t i = first; i < line->count; i++)
		length += strlen(line->words[i].text) + 1;
	joined = end = malloc(length);
	if (!joined)
		return NULL;
	*end = '\0';
	for (size_t i = first; i < line->count; i++)
		end = stpcpy(i > first ? stpcpy(end, " ") : end, line->words[i].text);
	return joined;
}
