// SPDX-License-Identifier: LGPL-2.1-or-later
/* A walk over the matches, and the removal of one. */
#include "scan.h"
#include "scan_gather.h"
#include "scan_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * struct memrw_scan_iter
 * @set: the matches
 * @flags: MEMRW_SCAN_READ
 * @areas: what memory there is, for @reader
 * @reader: with @flags
 * @chunk: the next one's index
 * @skip: matches to leave out before the next that is given
 * @reading: of the chunk before that one, if any
 * @matches: of its block, of which @place is the next to give
 * @length: bytes that were read from the block on
 * @old: its values
 */
struct memrw_scan_iter {
	struct mrw_set *set;
	unsigned int flags;
	struct mrw_areas areas;
	struct mrw_reader reader;
	size_t chunk;
	uint64_t skip;
	struct mrw_reading reading;
	struct mrw_matches matches;
	unsigned int place;
	size_t length;
	uint8_t *old;
};

static int fail(int error)
{
	errno = error;
	return -1;
}

void memrw_scan_iter_close(struct memrw_scan_iter *iter)
{
	int saved = errno;

	if (!iter)
		return;
	mrw_reader_clear(&iter->reader);
	mrw_areas_clear(&iter->areas);
	mrw_set_put(iter->set);
	free(iter->old);
	free(iter);
	errno = saved;
}

static int prepare(struct memrw_scan_iter *iter, struct memrw_scan *scan)
{
	iter->old = calloc(1, MRW_IMAGE);
	if (!iter->old)
		return -1;
	if (scan->current)
		iter->set = mrw_set_get(scan->current);
	if (!(iter->flags & MEMRW_SCAN_READ))
		return 0;
	if (mrw_areas_load(&iter->areas, scan->target, NULL) < 0)
		return -1;
	return mrw_reader_init(&iter->reader, scan->target, &iter->areas);
}

struct memrw_scan_iter *memrw_scan_iter_open(struct memrw_scan *scan, uint64_t first,
					     unsigned int flags)
{
	struct memrw_scan_iter *iter;

	if (flags & ~MEMRW_SCAN_READ) {
		errno = EINVAL;
		return NULL;
	}
	iter = calloc(1, sizeof(*iter));
	if (!iter)
		return NULL;
	iter->flags = flags;
	iter->skip = first;
	iter->place = MRW_BLOCK;
	if (prepare(iter, scan) < 0) {
		memrw_scan_iter_close(iter);
		return NULL;
	}
	return iter;
}

/* Chunks of which no match is wanted are not even looked into. */
static int next_chunk(struct memrw_scan_iter *iter)
{
	const struct mrw_set *set = iter->set;
	const struct mrw_chunk *chunk;

	while (set && iter->chunk < set->list.count &&
	       iter->skip >= set->list.chunks[iter->chunk]->count)
		iter->skip -= set->list.chunks[iter->chunk++]->count;
	if (!set || iter->chunk == set->list.count)
		return 0;
	chunk = set->list.chunks[iter->chunk++];
	if (iter->flags & MEMRW_SCAN_READ &&
	    mrw_gather(&iter->reader, &set->shape, chunk, &iter->matches) < 0)
		return -1;
	mrw_reading_init(&iter->reading, &set->shape, chunk);
	return 1;
}

static int next_block(struct memrw_scan_iter *iter)
{
	int more;

	while (!iter->reading.chunk || !mrw_reading_next(&iter->reading, &iter->matches)) {
		more = next_chunk(iter);
		if (more <= 0)
			return more;
	}
	iter->place = iter->matches.first;
	iter->length = mrw_gathered(&iter->reader, &iter->set->shape, &iter->matches);
	mrw_reading_values(&iter->reading, &iter->matches, iter->old);
	return 1;
}

static unsigned int longest(unsigned int types)
{
	unsigned int most = 0;

	for (unsigned int type = 0; type < MRW_TYPES_MAX; type++)
		if (types & MEMRW_SCAN_TYPE(type) && memrw_type_size(type) > most)
			most = memrw_type_size(type);
	return most;
}

static void show(const struct memrw_scan_iter *iter, struct memrw_scan_match *match)
{
	const struct mrw_shape *shape = &iter->set->shape;
	size_t block = (size_t)iter->matches.index * MRW_BLOCK;
	size_t offset = (size_t)iter->place * shape->step;
	bool mixed = mrw_shape_is_mixed(shape);

	*match = (struct memrw_scan_match){
		.address = iter->reading.chunk->address + block + offset,
		.types = mixed ? iter->matches.types[iter->place] : shape->types,
		.length = shape->width,
		.old = iter->old + offset,
	};
	if (mixed)
		match->length = longest(match->types);
	if (offset + match->length <= iter->length)
		match->current = iter->reader.buffer + block + offset;
}

int memrw_scan_iter_next(struct memrw_scan_iter *iter, struct memrw_scan_match *match)
{
	int more;

	do {
		if (iter->place >= MRW_BLOCK) {
			more = next_block(iter);
			if (more <= 0)
				return more;
		}
		show(iter, match);
		iter->place = mrw_next_place(&iter->matches, iter->place + 1);
	} while (iter->skip && iter->skip--);
	return 1;
}

/*
 * Removal
 */

/* The place of an address in a block; MRW_BLOCK if it has no match. */
static unsigned int place_of(const struct mrw_reading *reading,
			     const struct mrw_matches *matches, uint64_t address)
{
	uint64_t block = reading->chunk->address + (uint64_t)matches->index * MRW_BLOCK;
	unsigned int place = (address - block) / reading->shape->step;

	if (address < block || address - block >= MRW_BLOCK ||
	    address % reading->shape->step)
		return MRW_BLOCK;
	return matches->bits[place / 64] >> (place % 64) & 1 ? place : MRW_BLOCK;
}

/* The chunk without a match at an address: built, if it had one. */
static int rebuild(struct mrw_builder *builder, const struct mrw_chunk *chunk,
		   uint64_t address, uint8_t *values, struct mrw_matches *matches)
{
	struct mrw_reading reading;
	unsigned int place;
	bool found = false;

	mrw_reading_init(&reading, builder->shape, chunk);
	while (mrw_reading_next(&reading, matches)) {
		mrw_reading_values(&reading, matches, values);
		place = place_of(&reading, matches, address);
		if (place < MRW_BLOCK) {
			matches->bits[place / 64] &= ~(UINT64_C(1) << (place % 64));
			found = true;
		}
		if (mrw_matches_measure(matches) &&
		    mrw_builder_add(builder, matches, values) < 0)
			return -1;
	}
	return found;
}

static int copy_others(const struct mrw_set *set, size_t but, struct mrw_chunk *instead,
		       struct mrw_chunk_list *list)
{
	for (size_t i = 0; i < set->list.count; i++) {
		struct mrw_chunk *chunk = i == but ? instead : mrw_chunk_get(set->list.chunks[i]);

		if (chunk && mrw_chunk_list_add(list, chunk) < 0)
			return -1;
	}
	return 0;
}

static int replace_chunk(struct memrw_scan *scan, size_t index, struct mrw_chunk *chunk)
{
	struct mrw_chunk_list list = { 0 };
	struct mrw_set *set = NULL;

	if (copy_others(scan->current, index, chunk, &list) == 0)
		set = mrw_set_make(&scan->current->shape, &list, 1);
	mrw_chunk_list_clear(&list);
	if (!set)
		return -1;
	mrw_set_put(scan->current);
	scan->current = set;
	return 0;
}

static int remove_from(struct memrw_scan *scan, size_t index, uint64_t address,
		       uint8_t *values, struct mrw_matches *matches)
{
	const struct mrw_chunk *old = scan->current->list.chunks[index];
	struct mrw_builder builder;
	struct mrw_chunk *chunk;
	int found;

	mrw_builder_init(&builder, &scan->current->shape);
	found = rebuild(&builder, old, address, values, matches);
	if (found > 0 && mrw_builder_finish(&builder, old->address, &chunk) < 0)
		found = -1;
	mrw_builder_clear(&builder);
	if (found <= 0)
		return found;
	return replace_chunk(scan, index, chunk) < 0 ? -1 : 1;
}

int memrw_scan_remove(struct memrw_scan *scan, uint64_t address)
{
	struct mrw_matches *matches = malloc(sizeof(*matches));
	uint8_t *values = calloc(1, MRW_IMAGE);
	int removed = matches && values ? 0 : -1;
	size_t i = 0;

	if (scan->current)
		i = mrw_set_find(scan->current, address);
	/* Two chunks may have parts of the same block. */
	for (; !removed && scan->current && i < scan->current->list.count &&
	       scan->current->list.chunks[i]->address <= address; i++)
		removed = remove_from(scan, i, address, values, matches);
	free(matches);
	free(values);
	if (!removed)
		return fail(ENOENT);
	return removed < 0 ? -1 : 0;
}
