/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which process TARGET is.
 */
#ifndef CLI_PROCESS_CHOICE_H
#define CLI_PROCESS_CHOICE_H

#include <sys/types.h>

#include "options.h"

/**
 * choose_process() - from TARGET, --pid or --wait to a process ID
 * @options: of the subcommand; its status is set on failure
 * @text: as options_target() has it
 *
 * Return: the ID, or 0 after a report.
 */
pid_t choose_process(struct options *options, const char *text);

#endif /* CLI_PROCESS_CHOICE_H */
