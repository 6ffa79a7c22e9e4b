/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms in which "memrw read" shows memory.  Each reads a transfer to its
 * end; what was read before a failure is shown, and then the failure is
 * reported.  Each returns the exit status.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <jansson.h>
#include <stdbool.h>

#include "transfer.h"

/**
 * struct show - what to read, and how to show it
 * @transfer: what to read
 * @json: as JSON
 * @ranges: of several ranges as JSON: the array in which each gets an object;
 *	NULL where there is one document for the transfer
 * @up_to: as much as is mapped there will do, if it is any
 */
struct show {
	struct transfer transfer;
	bool json;
	json_t *ranges;
	bool up_to;
};

int show_raw(struct show *show);
int show_bytes(struct show *show);
int show_values(struct show *show, enum memrw_type type);

/**
 * show_strings() - strings, one behind the other
 * @count: how many, each closed by a NUL within the transfer's length
 * @open_end: the transfer's length may close one too
 */
int show_strings(struct show *show, uint64_t count, bool open_end);

/** show_json_begin() - the object that is to be printed */
json_t *show_json_begin(const struct show *show);

/** show_json_end() - print it, or put it among the ranges; NULL is no memory */
int show_json_end(struct show *show, json_t *root);

#endif /* CLI_SHOW_H */
