/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What carries out the commands of the table in console_table.c.
 */
#ifndef CLI_CONSOLE_COMMANDS_H
#define CLI_CONSOLE_COMMANDS_H

#include "console.h"

/* console_pass.c */
int console_pass(struct console *console);
int console_undo(struct console *console);
int console_reset(struct console *console);

/* console_settings.c */
int console_type(struct console *console);
int console_align(struct console *console);
int console_endian(struct console *console);
int console_fold(struct console *console);
int console_rounding(struct console *console);
int console_tolerance(struct console *console);
int console_filter(struct console *console);

/* console_list.c */
int console_list(struct console *console);
int console_count(struct console *console);
int console_watch(struct console *console);

/* console_set.c */
int console_set_value(struct console *console);
int console_remove(struct console *console);

/* console_freeze.c */
int console_freeze(struct console *console);
int console_unfreeze(struct console *console);
int console_interval(struct console *console);

/* console_file.c */
int console_save(struct console *console);
int console_load(struct console *console);

/* console_scans.c */
int console_scan_switch(struct console *console);
int console_new(struct console *console);
int console_snapshot(struct console *console);
int console_forget(struct console *console);
int console_info(struct console *console);

/* console_table.c */
int console_help(struct console *console);
int console_quit(struct console *console);

#endif /* CLI_CONSOLE_COMMANDS_H */
