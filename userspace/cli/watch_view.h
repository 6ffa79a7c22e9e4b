/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hits of a watch, and in the end the instructions that made them, as text and as JSON.
 */
#ifndef CLI_WATCH_VIEW_H
#define CLI_WATCH_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "code_places.h"
#include "instructions.h"
#include "memrw.h"

/**
 * struct watch_view - what is shown, and how
 * @target: the target
 * @address: what is watched
 * @kind: likewise
 * @type: of the value there
 * @json: as JSON, an object a line
 * @summary: the instructions, and not each hit
 * @callers: of each hit
 * @registers: likewise
 * @start: when the watch was set, by clock_now()
 * @places: of instructions
 * @instructions: those so far
 * @lost: hits so far that there was no room for
 */
struct watch_view {
	struct memrw_target *target;
	uint64_t address;
	enum memrw_watch_kind kind;
	enum memrw_type type;
	bool json;
	bool summary;
	bool callers;
	bool registers;
	int64_t start;
	struct code_places *places;
	struct instructions instructions;
	uint64_t lost;
};

/*
 * Each returns 0, or -1 after a report.
 */

/** watch_view_open() - get ready; to be given back with watch_view_close() in any case */
int watch_view_open(struct watch_view *view);

/** watch_view_head() - what comes before the hits */
int watch_view_head(const struct watch_view *view);

/** watch_view_hit() - take one, and show it */
int watch_view_hit(struct watch_view *view, const struct memrw_hit *hit);

/** watch_view_lost() - hits were lost */
void watch_view_lost(struct watch_view *view, uint64_t lost);

/**
 * watch_view_end() - the summary
 * @why: "signal", "count", "timeout", "exit" or "execve"
 */
int watch_view_end(struct watch_view *view, const char *why);

/** watch_view_close() - free what it holds */
void watch_view_close(struct watch_view *view);

#endif /* CLI_WATCH_VIEW_H */
