/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The target's memory as the viewer reads it, all of a screen at once: through a
 * window where there is one, and else in one batch.
 */
#ifndef CLI_VIEW_MEMORY_H
#define CLI_VIEW_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/**
 * struct view_memory - how it is read
 * @target: the target, for as long as this is open
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 * @window: NULL where there is none
 * @start: of the window
 * @end: likewise
 * @no_window: there can be none
 * @segments: room for a batch
 * @segment_count: for so many
 */
struct view_memory {
	struct memrw_target *target;
	unsigned int flags;
	struct memrw_window *window;
	uint64_t start;
	uint64_t end;
	bool no_window;
	struct memrw_target_segment *segments;
	size_t segment_count;
};

/** view_memory_open() - get ready; @flags: MEMRW_FORCE */
void view_memory_open(struct view_memory *memory, struct memrw_target *target,
		      unsigned int flags);

/**
 * view_memory_read() - what is there now
 * @bytes: out
 * @known: out: which of them could be read
 * @length: of both; @address and @length do not go past the last address
 *
 * Return: 0, or -1 with errno: ESRCH, ESTALE the target is no more; ENOMEM.
 */
int view_memory_read(struct view_memory *memory, uint64_t address, uint8_t *bytes,
		     bool *known, size_t length);

/** view_memory_close() - free what it holds */
void view_memory_close(struct view_memory *memory);

#endif /* CLI_VIEW_MEMORY_H */
