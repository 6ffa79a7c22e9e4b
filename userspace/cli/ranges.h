/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several ranges of the target, ADDRESS:LENGTH each, read in one call.
 */
#ifndef CLI_RANGES_H
#define CLI_RANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "memrw.h"
#include "options.h"
#include "transfer.h"

/**
 * struct ranges - of the command line
 * @texts: as they were given
 * @lengths: bytes of each
 * @segments: where each is, and what was read of it ahead, which is all but of
 *	a long one
 * @count: how many
 */
struct ranges {
	char **texts;
	uint64_t *lengths;
	struct memrw_target_segment *segments;
	size_t count;
};

/** ranges_are_given() - is that operand a range, and not an address alone? */
bool ranges_are_given(const char *operand);

/**
 * ranges_parse() - the lengths of all ranges
 * @ranges: out; to be given back with ranges_clear() in any case
 *
 * Return: 0, or the exit status after a report.
 */
int ranges_parse(struct ranges *ranges, const struct options *options,
		 int count, char **operands);

/**
 * ranges_read() - the addresses of all ranges, and then their bytes
 * @flags: MEMRW_FORCE
 *
 * A range that cannot be read is no failure.
 *
 * Return: 0, or the exit status after a report.
 */
int ranges_read(struct ranges *ranges, const struct options *options,
		struct memrw_target *target, unsigned int flags);

/** ranges_transfer() - one of the ranges, as a transfer with what was read ahead */
struct transfer ranges_transfer(const struct ranges *ranges, size_t i,
				struct memrw_target *target, unsigned int flags);

/** ranges_clear() - free what it holds */
void ranges_clear(struct ranges *ranges);

#endif /* CLI_RANGES_H */
