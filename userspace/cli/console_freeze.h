/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Matches that are frozen: written again and again, or kept within bounds, in a
 * thread of its own while other commands are carried out, also of other scans.
 */
#ifndef CLI_CONSOLE_FREEZE_H
#define CLI_CONSOLE_FREEZE_H

#include "console.h"

/** console_freezes_close() - let all go; NULL is fine */
void console_freezes_close(struct console_freezes *freezes);

#endif /* CLI_CONSOLE_FREEZE_H */
