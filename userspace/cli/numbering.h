/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of matches that stay as they were when some matches are removed.
 */
#ifndef CLI_NUMBERING_H
#define CLI_NUMBERING_H

#include <stddef.h>
#include <stdint.h>

/** struct numbering - the numbers that were removed, rising */
struct numbering {
	uint64_t *removed;
	size_t count;
};

/** numbering_remove() - take out a number; -1 with ENOMEM */
int numbering_remove(struct numbering *numbering, uint64_t number);

/**
 * numbering_position() - where among the matches that are left a number is
 *
 * Return: the position, or -1 if it was removed.
 */
int64_t numbering_position(const struct numbering *numbering, uint64_t number);

/** numbering_number() - and back */
uint64_t numbering_number(const struct numbering *numbering, uint64_t position);

/** numbering_clear() - all matches have new numbers */
void numbering_clear(struct numbering *numbering);

#endif /* CLI_NUMBERING_H */
