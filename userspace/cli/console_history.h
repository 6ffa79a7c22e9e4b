/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the lines that were typed are kept.
 */
#ifndef CLI_CONSOLE_HISTORY_H
#define CLI_CONSOLE_HISTORY_H

/**
 * history_path() - the file, the directories above which are made if needed
 *
 * It is $XDG_STATE_HOME/memrw/history, with ~/.local/state without that.
 *
 * Return: to be freed; NULL where it cannot be had.
 */
char *history_path(void);

#endif /* CLI_CONSOLE_HISTORY_H */
