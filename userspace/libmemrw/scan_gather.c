// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_gather.h"

#include <string.h>
#include <sys/param.h>

/* Parts that are no further apart are read as one. */
#define NEAR MRW_BLOCK

/* Where the values of a block's matches begin and end, within its chunk. */
static struct mrw_extent extent_of(const struct mrw_shape *shape,
				   const struct mrw_matches *matches)
{
	size_t block = (size_t)matches->index * MRW_BLOCK;

	return (struct mrw_extent){
		.start = block + (size_t)matches->first * shape->step,
		.end = block + (size_t)matches->last * shape->step + shape->width,
	};
}

static int ask(struct mrw_reader *reader, const struct mrw_extent *part)
{
	return mrw_reader_add(reader, reader->base + part->start, part->end - part->start);
}

static int ask_all(struct mrw_reader *reader, struct mrw_reading *reading,
		   struct mrw_matches *scratch)
{
	struct mrw_extent next, part = { 0 };

	while (mrw_reading_next(reading, scratch)) {
		next = extent_of(reading->shape, scratch);
		if (part.end && next.start > part.end + NEAR) {
			if (ask(reader, &part) < 0)
				return -1;
			part.end = 0;
		}
		if (!part.end)
			part.start = next.start;
		part.end = MAX(part.end, next.end);
	}
	return ask(reader, &part);
}

int mrw_gather(struct mrw_reader *reader, const struct mrw_shape *shape,
	       const struct mrw_chunk *chunk, struct mrw_matches *scratch)
{
	struct mrw_reading reading;

	mrw_reader_begin(reader, chunk->address);
	mrw_reading_init(&reading, shape, chunk);
	if (ask_all(reader, &reading, scratch) < 0 || mrw_reader_flush(reader) < 0)
		return -1;
	/* A value of several types may reach behind what there is. */
	for (size_t i = 0; i < reader->count; i++)
		memset(reader->buffer + reader->extents[i].end, 0, sizeof(uint64_t));
	return 0;
}

size_t mrw_gathered(const struct mrw_reader *reader, const struct mrw_shape *shape,
		    const struct mrw_matches *matches)
{
	size_t block = (size_t)matches->index * MRW_BLOCK;
	size_t first = block + (size_t)matches->first * shape->step;

	for (size_t i = 0; i < reader->count; i++)
		if (reader->extents[i].end > first)
			return reader->extents[i].start <= first ?
				       reader->extents[i].end - block : 0;
	return 0;
}
