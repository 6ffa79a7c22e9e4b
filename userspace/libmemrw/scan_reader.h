/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading parts of a chunk's memory: what of it is there, without making the
 * target grow.  Each thread has its own.
 */
#ifndef MRW_SCAN_READER_H
#define MRW_SCAN_READER_H

#include "backend.h"
#include "scan_area.h"
#include "scan_chunk.h"

/* A chunk's own blocks, and as much behind it as a value may reach. */
#define MRW_READER_ROOM	(MRW_CHUNK + MRW_IMAGE)

/* More than there are pages in that: to be read, or known. */
#define MRW_EXTENTS	(2 * MRW_READER_ROOM / MRW_BLOCK)

/* struct mrw_extent - bytes of the buffer that are the target's */
struct mrw_extent {
	size_t start;
	size_t end;
};

/*
 * struct mrw_reader
 * @target: whose memory
 * @areas: what there is of it
 * @flags: of the transfers
 * @base: the address of @buffer's first byte
 * @buffer: MRW_READER_ROOM bytes, and a few that may be looked at behind them
 * @extents: rising, apart; after mrw_reader_flush()
 * @count: of them
 * @known: pages of which it is known whether the target has them; @cut: there may
 *	be more of them behind
 * @parts: what was asked for since
 * @part_count: of them
 */
struct mrw_reader {
	struct memrw_target *target;
	const struct mrw_areas *areas;
	unsigned int flags;
	uint64_t base;
	uint8_t *buffer;
	struct mrw_extent extents[MRW_EXTENTS];
	size_t count;
	struct {
		uint64_t start;
		uint64_t end;
		bool present;
		bool cut;
	} known;
	struct mrw_part {
		size_t start;
		size_t length;
		bool known;
	} parts[MRW_EXTENTS];
	size_t part_count;
};

int mrw_reader_init(struct mrw_reader *reader, struct memrw_target *target,
		    const struct mrw_areas *areas);
void mrw_reader_clear(struct mrw_reader *reader);

/* Some time has passed: which pages there are may have changed. */
void mrw_reader_forget(struct mrw_reader *reader);

/* Forget what was read; the next is of this chunk. */
void mrw_reader_begin(struct mrw_reader *reader, uint64_t base);

/* Ask for a part of it; parts come by rising address. */
int mrw_reader_add(struct mrw_reader *reader, uint64_t address, size_t length);

/* Read what was asked for. */
int mrw_reader_flush(struct mrw_reader *reader);

/* Is all of this zeros that the target never touched?  May be false if so. */
bool mrw_reader_is_absent(struct mrw_reader *reader, uint64_t address,
			  size_t length);

#endif
