/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a target that is looked at, or written to, for as long as it is there.
 */
#ifndef CLI_TARGET_END_H
#define CLI_TARGET_END_H

#include "memrw.h"

/** target_end() - has it come? ESRCH (it has exited), ESTALE (execve), or 0 */
int target_end(struct memrw_target *target);

/**
 * target_end_report() - report which of the two it was
 *
 * Return: its name in JSON: "exit" or "execve".
 */
const char *target_end_report(const struct memrw_target *target, int end);

#endif /* CLI_TARGET_END_H */
