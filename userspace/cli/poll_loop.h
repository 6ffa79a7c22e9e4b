/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking at values, and printing them, until something ends it.
 */
#ifndef CLI_POLL_LOOP_H
#define CLI_POLL_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"
#include "watched.h"

/**
 * struct poll_loop - what to do
 * @target: the target
 * @type: of the values
 * @values: they, opened
 * @count: how many
 * @interval: from one look to the next, nanoseconds
 * @time: for how long; 0 for ever
 * @samples: so many looks with something to print; 0: any number
 * @changed: only what has changed is printed
 * @json: as JSON, an object a line
 * @start: out: the time of the first look
 */
struct poll_loop {
	struct memrw_target *target;
	enum memrw_type type;
	struct watched *values;
	size_t count;
	int64_t interval;
	int64_t time;
	uint64_t samples;
	bool changed;
	bool json;
	int64_t start;
};

/**
 * poll_loop_run() - until a signal of wait_signal.h, or as much as is wanted
 *
 * Return: the exit status: it is a failure, and reported, if a value cannot be read
 * from the beginning, or the target is gone.
 */
int poll_loop_run(struct poll_loop *loop);

#endif /* CLI_POLL_LOOP_H */
