// SPDX-License-Identifier: GPL-2.0-only

#include <ctype.h>
#include <string.h>

#include "console.h"
#include "console_complete.h"

#define ROOM	(sizeof(((struct completion *)0)->words) / sizeof(char *))

static void offer(struct completion *completion, const char *word, const char *begun)
{
	if (completion->count < ROOM && strncmp(word, begun, strlen(begun)) == 0)
		completion->words[completion->count++] = word;
}

/* Operators are not worth it. */
static void offer_commands(struct completion *completion, const char *begun)
{
	for (const struct console_command *command = console_commands; command->name; command++) {
		if (isalpha((unsigned char)command->name[0]))
			offer(completion, command->name, begun);
	}
}

static const struct console_command *command_at(const char *text)
{
	size_t length = strcspn(text, " \t");
	const struct console_command *command = console_commands;

	while (command->name && (strlen(command->name) != length ||
				 strncmp(command->name, text, length) != 0))
		command++;
	return command->name ? command : NULL;
}

/* The last command of the line, without the blanks before it. */
static const char *last_command(const char *text)
{
	const char *semicolon = strrchr(text, ';');

	text = semicolon ? semicolon + 1 : text;
	return text + strspn(text, " \t");
}

size_t completion_find(struct completion *completion, const char *text)
{
	const char *start = last_command(text), *begun = text + strlen(text);
	const struct console_command *command;

	completion->count = 0;
	while (begun > start && begun[-1] != ' ' && begun[-1] != '\t')
		begun--;
	command = begun > start ? command_at(start) : NULL;
	if (begun == start || (command && strcmp(command->name, "help") == 0))
		offer_commands(completion, begun);
	for (size_t i = 0; command && command->words && command->words[i]; i++)
		offer(completion, command->words[i], begun);
	return strlen(begun);
}

size_t completion_common(const struct completion *completion)
{
	size_t length = completion->count ? strlen(completion->words[0]) : 0;

	for (size_t i = 1; i < completion->count; i++) {
		while (strncmp(completion->words[0], completion->words[i], length) != 0)
			length--;
	}
	return length;
}
