/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TARGET and ADDRESS of the command line.
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "memrw.h"
#include "options.h"

/**
 * target_open() - open the process that TARGET names
 * @options: of the subcommand; its status is set on failure
 * @text: as options_target() has it
 * @flags: MEMRW_OPEN_*
 *
 * Return: the target, or NULL after a report.
 */
struct memrw_target *target_open(struct options *options, const char *text,
				 unsigned int flags);

/**
 * target_address() - turn ADDRESS into a number
 *
 * Return: 0, or the exit status after a report.
 */
int target_address(const struct options *options, struct memrw_target *target,
		   const char *text, uint64_t *address);

#endif /* CLI_TARGET_H */
