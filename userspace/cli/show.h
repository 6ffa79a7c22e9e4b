/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms in which "memrw read" shows memory.  Each reads a transfer to its
 * end; what was read before a failure is shown, and then the failure is
 * reported.  Each returns the exit status.
 */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdbool.h>

#include "transfer.h"

/** struct show - what to read, and how to show it */
struct show {
	struct transfer transfer;
	bool json;
	bool up_to;	/* as much as is mapped there will do, if it is any */
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

#endif /* CLI_SHOW_H */
