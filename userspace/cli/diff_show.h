/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms in which "memrw diff" shows what differs.
 */
#ifndef CLI_DIFF_SHOW_H
#define CLI_DIFF_SHOW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "comparison.h"

/**
 * struct tally - what differs of one region, or of all
 * @ranges: how many
 * @bytes: in them
 */
struct tally {
	uint64_t ranges;
	uint64_t bytes;
};

/**
 * struct diff_show - how to show it, and what has been seen
 * @names: of the two sources
 * @typed: as values of @type
 * @summary: no differences, but how many there are in each region
 * @json: one document at the end
 * @part: the region that @tally is of
 * @total: of all regions
 * @unmatched: pieces that are mapped in one of the sources alone
 * @unreadable: bytes that could not be compared
 * @differences: of JSON: so far
 * @only: likewise
 * @regions: likewise, of a summary
 */
struct diff_show {
	const char *names[2];
	bool typed;
	enum memrw_type type;
	bool summary;
	bool json;
	const struct part *part;
	struct tally tally;
	struct tally total;
	uint64_t unmatched;
	uint64_t unreadable;
	json_t *differences;
	json_t *only;
	json_t *regions;
};

/** diff_show_begin() - before the first call of the others */
void diff_show_begin(struct diff_show *show);

/* For struct comparison, with a struct diff_show as its data. */
int diff_show_difference(void *data, const struct difference *difference);
int diff_show_only(void *data, const struct part *part, uint64_t start, uint64_t end,
		   bool before);
int diff_show_unreadable(void *data, const struct part *before, uint64_t start,
			 uint64_t end);

/**
 * diff_show_end() - what is left to be shown
 *
 * Return: the exit status.
 */
int diff_show_end(struct diff_show *show);

/** diff_show_differs() - has anything been found? */
bool diff_show_differs(const struct diff_show *show);

/** diff_show_clear() - free what it holds */
void diff_show_clear(struct diff_show *show);

#endif /* CLI_DIFF_SHOW_H */
