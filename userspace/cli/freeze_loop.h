/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Freezing one value until something ends it.
 */
#ifndef CLI_FREEZE_LOOP_H
#define CLI_FREEZE_LOOP_H

#include <stdint.h>

#include "freezer.h"

/**
 * struct freeze_loop - what to do, and what came of it
 * @target: the target
 * @flags: MEMRW_FORCE
 * @freeze: the value
 * @time: for how long, nanoseconds; 0 for ever
 * @writes: out: how often it was written
 * @end: out: "signal", "timeout", "exit" or "execve"
 */
struct freeze_loop {
	struct memrw_target *target;
	unsigned int flags;
	struct freeze freeze;
	int64_t time;
	uint64_t writes;
	const char *end;
};

/**
 * freeze_loop_run() - until a signal of wait_signal.h, the end of the time, or
 *	of the target, which is reported
 *
 * Return: the exit status: it is a failure, and reported, if the value cannot
 * be read or written any more.
 */
int freeze_loop_run(struct freeze_loop *loop);

#endif /* CLI_FREEZE_LOOP_H */
