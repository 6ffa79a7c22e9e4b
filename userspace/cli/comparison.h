/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the memory of two sources.
 */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "choice.h"
#include "source.h"

/** The most bytes that a struct difference has. */
#define DIFFERENCE_MAX	(1024 * 1024)

/**
 * struct difference - bytes all of which differ; of values, all values do
 * @address: of the first
 * @length: how many
 * @before: in the first source, until the next piece
 * @after: in the second, likewise
 * @part: the second source's
 */
struct difference {
	uint64_t address;
	size_t length;
	const char *before;
	const char *after;
	const struct part *part;
};

/**
 * struct comparison - of two sources, and what is to be done with the result
 * @before: the first source
 * @after: the second
 * @width: bytes of a value, at multiples of that; 1 for bytes
 * @differ: called for each difference, in rising order
 * @only: called for what is mapped in one of the sources alone: in @before or not
 * @unreadable: called for what is mapped in both, and unreadable in one
 * @flush: called before the bytes of the differences so far are overwritten
 * @data: for them all
 *
 * Any of them may be NULL; each returns 0, or an exit status that ends it.
 */
struct comparison {
	struct source *before;
	struct source *after;
	size_t width;
	int (*differ)(void *data, const struct difference *difference);
	int (*only)(void *data, const struct part *part, uint64_t start, uint64_t end,
		    bool before);
	int (*unreadable)(void *data, const struct part *before, uint64_t start,
			  uint64_t end);
	int (*flush)(void *data);
	void *data;
};

/**
 * comparison_run() - compare what is in the spans
 *
 * Return: 0, or the exit status after a report.
 */
int comparison_run(const struct comparison *comparison, const struct span *spans,
		   size_t count);

/**
 * comparison_next() - the next difference in two buffers
 * @before: the one
 * @after: the other
 * @length: of both
 * @address: of their first byte
 * @width: as in struct comparison; bytes of values that are not whole count alone
 * @start: in: where to begin; out: where it begins
 *
 * Return: bytes that differ from @start on; 0 if there are none.
 */
size_t comparison_next(const char *before, const char *after, size_t length,
		       uint64_t address, size_t width, size_t *start);

#endif /* CLI_COMPARISON_H */
