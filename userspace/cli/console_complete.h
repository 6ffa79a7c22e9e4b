/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completion of the words of a command.
 */
#ifndef CLI_CONSOLE_COMPLETE_H
#define CLI_CONSOLE_COMPLETE_H

#include <stddef.h>

/** struct completion - what may stand where a word was begun */
struct completion {
	const char *words[128];
	size_t count;
};

/**
 * completion_find() - the words that go on with what is before the cursor
 * @completion: out; its words are those of the table of commands
 * @text: the line up to the cursor, NUL-terminated
 *
 * Return: how many bytes at @text's end are of the word that was begun.
 */
size_t completion_find(struct completion *completion, const char *text);

/** completion_common() - length of the beginning that all its words share */
size_t completion_common(const struct completion *completion);

#endif /* CLI_CONSOLE_COMPLETE_H */
