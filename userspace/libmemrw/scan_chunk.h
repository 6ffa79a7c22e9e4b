/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Matches, packed.  A block is MRW_BLOCK bytes of the target from a multiple
 * of that on; a chunk is some blocks next to each other.  Of each block that
 * has any, a record says where its matches begin, which types they may be, and
 * what their values are, each in the shortest of a few forms.
 */
#ifndef MRW_SCAN_CHUNK_H
#define MRW_SCAN_CHUNK_H

#include "scan_query.h"

#define MRW_BLOCK	4096
#define MRW_CHUNK_BLOCKS 64
#define MRW_CHUNK	(MRW_BLOCK * MRW_CHUNK_BLOCKS)

/* Room for a block's values: the last one may reach as far as this behind it. */
#define MRW_IMAGE	(MRW_BLOCK + MEMRW_SCAN_LENGTH_MAX + 64)

/*
 * struct mrw_chunk - the matches of up to MRW_CHUNK bytes
 * @references: from sets
 * @size: bytes of @data
 * @address: of its first block
 * @count: matches
 * @repeat: above 1: so many blocks from the first on have the one record
 * @data: the records
 */
struct mrw_chunk {
	uint32_t references;
	uint32_t size;
	uint64_t address;
	uint32_t count;
	uint32_t repeat;
	uint8_t data[];
};

/*
 * struct mrw_matches - of one block
 * @index: of the block in its chunk
 * @count: how many
 * @first: place of the first; a place is an offset in the block / step
 * @last: likewise
 * @bits: a bit for each place
 * @types: for each place that has its bit; only of scans for several types
 */
struct mrw_matches {
	unsigned int index;
	unsigned int count;
	unsigned int first;
	unsigned int last;
	uint64_t bits[MRW_BLOCK / 64];
	uint16_t types[MRW_BLOCK];
};

/* Count and ends from the bits; false if there are none. */
bool mrw_matches_measure(struct mrw_matches *matches);

/* Does the shape have several types? */
static inline bool mrw_shape_is_mixed(const struct mrw_shape *shape)
{
	return shape->types & (shape->types - 1);
}

/*
 * Writing
 */

/* struct mrw_builder - a chunk that is being put together */
struct mrw_builder {
	const struct mrw_shape *shape;
	uint8_t *data;
	size_t size;
	size_t room;
	uint32_t count;
	uint32_t blocks;
	size_t first_size;
	bool uniform;
};

void mrw_builder_init(struct mrw_builder *builder, const struct mrw_shape *shape);
void mrw_builder_clear(struct mrw_builder *builder);

/* Blocks come by rising index; @block are the bytes that begin with the block. */
int mrw_builder_add(struct mrw_builder *builder, const struct mrw_matches *matches,
		    const uint8_t *block);

/* The last block's record stands for so many from the first on. */
void mrw_builder_repeat(struct mrw_builder *builder, unsigned int blocks);

/*
 * What was added, as a chunk; *chunk is NULL if that was nothing.  The builder
 * is empty again.
 */
int mrw_builder_finish(struct mrw_builder *builder, uint64_t address,
		       struct mrw_chunk **chunk);

/*
 * Reading
 */

/* struct mrw_reading - a walk over the blocks of a chunk */
struct mrw_reading {
	const struct mrw_shape *shape;
	const struct mrw_chunk *chunk;
	const uint8_t *next;
	unsigned int repeated;
	unsigned int form;
	const uint8_t *values;
};

void mrw_reading_init(struct mrw_reading *reading, const struct mrw_shape *shape,
		      const struct mrw_chunk *chunk);

/* The next block's matches; false behind the last. */
bool mrw_reading_next(struct mrw_reading *reading, struct mrw_matches *matches);

/* Their values, at their places, into room for MRW_IMAGE bytes. */
void mrw_reading_values(const struct mrw_reading *reading,
			const struct mrw_matches *matches, uint8_t *block);

struct mrw_chunk *mrw_chunk_clone(const struct mrw_chunk *chunk, uint64_t address);
struct mrw_chunk *mrw_chunk_get(struct mrw_chunk *chunk);
void mrw_chunk_put(struct mrw_chunk *chunk);
size_t mrw_chunk_memory(const struct mrw_chunk *chunk);

#endif
