/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of the terminal, before it is taken.
 */
#ifndef CLI_VIEW_TERMINAL_H
#define CLI_VIEW_TERMINAL_H

#include <stdbool.h>

/** view_terminal_is_known() - does terminfo(5) know the one that TERM names? */
bool view_terminal_is_known(void);

#endif /* CLI_VIEW_TERMINAL_H */
