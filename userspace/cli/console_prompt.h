/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands from a terminal: line editing, history and completion.
 */
#ifndef CLI_CONSOLE_PROMPT_H
#define CLI_CONSOLE_PROMPT_H

#include "console.h"

/**
 * console_prompt() - ask for commands until "quit" or the end of input
 *
 * A command that does not succeed is reported, and the next one asked for.
 *
 * Return: the exit status.
 */
int console_prompt(struct console *console);

#endif /* CLI_CONSOLE_PROMPT_H */
