/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One value that is written again and again, or kept within bounds.
 */
#ifndef CLI_FROZEN_H
#define CLI_FROZEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/**
 * struct freeze - what is to be done to a value
 * @address: where it is
 * @interval: nanoseconds from one time to the next
 * @bytes: what is written each time; NULL if the value is kept within bounds
 * @length: bytes
 * @type: of a value within bounds, not MEMRW_TYPE_STR
 * @has_min: it has a least value, @min
 * @has_max: it has a greatest value, @max
 *
 * Within bounds, the value is read each time, and written if it is outside:
 * then it becomes the bound.  A value that is not a number stays.  On the driver
 * and at a multiple of its size this is one atomic step: what the target writes
 * meanwhile is not lost.
 */
struct freeze {
	uint64_t address;
	int64_t interval;
	const void *bytes;
	size_t length;
	enum memrw_type type;
	bool has_min;
	bool has_max;
	char min[sizeof(uint64_t)];
	char max[sizeof(uint64_t)];
};

/**
 * struct freeze_status - what came of it
 * @writes: how often the value was written
 * @error: of the last time: an errno value, or 0
 */
struct freeze_status {
	uint64_t writes;
	int error;
};

/**
 * struct frozen - a value, and when it is due
 * @number: its name
 * @freeze: what is to be done; its @bytes are the struct's own
 * @due: when, CLOCK_MONOTONIC in nanoseconds
 * @status: what came of it
 */
struct frozen {
	int64_t number;
	struct freeze freeze;
	int64_t due;
	struct freeze_status status;
};

/**
 * frozen_make() - a value that is due now
 *
 * Return: 0, or -1 with errno: EINVAL, ENOMEM.
 */
int frozen_make(struct frozen *frozen, const struct freeze *freeze, int64_t now);

/**
 * frozen_write() - do it once
 *
 * Return: 0, or an errno value, as in its status.
 */
int frozen_write(struct frozen *frozen, struct memrw_target *target,
		 unsigned int flags);

/** frozen_schedule() - when it is due next; times that were missed are lost */
void frozen_schedule(struct frozen *frozen, int64_t now);

/** frozen_clear() - free what it holds */
void frozen_clear(struct frozen *frozen);

#endif /* CLI_FROZEN_H */
