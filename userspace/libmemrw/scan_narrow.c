// SPDX-License-Identifier: LGPL-2.1-or-later
/* Later passes: the matches that there are, looked at again. */
#include "scan_gather.h"
#include "scan_work.h"

#include <string.h>
#include <sys/param.h>

static const struct mrw_shape *shape_of(const struct mrw_worker *worker)
{
	return &worker->work->query->shape;
}

/*
 * What it was
 */

static bool seek_chunk(struct mrw_worker *worker, size_t index)
{
	const struct mrw_set *snapshot = worker->work->snapshot;

	if (index >= snapshot->list.count)
		return false;
	worker->past_chunk = index;
	mrw_reading_init(&worker->past, &snapshot->shape, snapshot->list.chunks[index]);
	return true;
}

static bool past_next(struct mrw_worker *worker)
{
	while (!mrw_reading_next(&worker->past, &worker->past_matches))
		if (!seek_chunk(worker, worker->past_chunk + 1))
			return false;
	return true;
}

static uint64_t past_end(const struct mrw_worker *worker)
{
	const struct mrw_matches *past = &worker->past_matches;

	return worker->past.chunk->address + (uint64_t)past->index * MRW_BLOCK +
	       (uint64_t)past->last * shape_of(worker)->step;
}

/* The snapshot's block with a match at or behind @address; passes go upwards. */
static bool seek_past(struct mrw_worker *worker, uint64_t address)
{
	if (!worker->has_past || past_end(worker) > address + MRW_CHUNK) {
		if (!seek_chunk(worker, mrw_set_find(worker->work->snapshot, address)))
			return false;
		worker->has_past = past_next(worker);
	}
	while (worker->has_past && past_end(worker) < address)
		worker->has_past = past_next(worker);
	return worker->has_past;
}

/* Of several types, those that it could be at both times. */
static void keep_common(struct mrw_matches *matches, const struct mrw_matches *others,
			bool mixed)
{
	for (size_t i = 0; i < MRW_BLOCK / 64; i++)
		matches->bits[i] &= others->bits[i];
	for (size_t i = 0; mixed && i < MRW_BLOCK; i++)
		if (matches->bits[i / 64] >> (i % 64) & 1)
			matches->types[i] &= others->types[i];
}

static bool load_snapshot(struct mrw_worker *worker, uint64_t block)
{
	struct mrw_matches *among = &worker->among, *past = &worker->past_matches;
	const struct mrw_shape *shape = shape_of(worker);

	if (!seek_past(worker, block + (uint64_t)among->first * shape->step))
		return false;
	if (worker->past.chunk->address + (uint64_t)past->index * MRW_BLOCK != block)
		return false;
	keep_common(among, past, mrw_shape_is_mixed(shape));
	mrw_reading_values(&worker->past, past, worker->then);
	return mrw_matches_measure(among);
}

/* False: nothing is known of what these matches were. */
static bool load_then(struct mrw_worker *worker, const struct mrw_reading *reading)
{
	uint64_t block = reading->chunk->address + (uint64_t)worker->among.index * MRW_BLOCK;

	if (!worker->work->query->needs_then)
		return true;
	if (worker->work->snapshot)
		return load_snapshot(worker, block);
	mrw_reading_values(reading, &worker->among, worker->then);
	return true;
}

/*
 * What it is
 */

static int narrow_block(struct mrw_worker *worker, const struct mrw_reading *reading)
{
	uint8_t *block = worker->reader.buffer + (size_t)worker->among.index * MRW_BLOCK;
	const struct mrw_shape *shape = shape_of(worker);
	size_t length = mrw_gathered(&worker->reader, shape, &worker->among);

	if (!length || !load_then(worker, reading))
		return 0;
	length = MIN(length, MRW_BLOCK + shape->width - 1);
	if (!mrw_select(worker->work->query, block, length, worker->then,
			&worker->among, &worker->kept))
		return 0;
	worker->kept.index = worker->among.index;
	return mrw_builder_add(&worker->builder, &worker->kept, block);
}

/* Nothing changed: the chunk serves both. */
static bool is_same(const struct mrw_chunk *one, const struct mrw_chunk *other)
{
	return one->size == other->size && one->count == other->count &&
	       one->repeat == other->repeat && !memcmp(one->data, other->data, one->size);
}

static int finish(struct mrw_worker *worker, struct mrw_chunk *old,
		  struct mrw_chunk_list *list)
{
	struct mrw_chunk *chunk;

	if (mrw_builder_finish(&worker->builder, old->address, &chunk) < 0)
		return -1;
	if (chunk && is_same(chunk, old)) {
		mrw_chunk_put(chunk);
		chunk = mrw_chunk_get(old);
	}
	return chunk ? mrw_chunk_list_add(list, chunk) : 0;
}

/*
 * Blocks that were alike and are zeros, all of them: one says what all are.
 */
static bool is_uniform(struct mrw_worker *worker, const struct mrw_chunk *chunk)
{
	size_t length = chunk->repeat * MRW_BLOCK + shape_of(worker)->width - 1;

	return chunk->repeat > 1 && !worker->work->snapshot &&
	       mrw_reader_is_absent(&worker->reader, chunk->address, length);
}

static int narrow_uniform(struct mrw_worker *worker, const struct mrw_chunk *chunk)
{
	struct mrw_reader *reader = &worker->reader;
	struct mrw_reading reading;

	mrw_reader_begin(reader, chunk->address);
	memset(reader->buffer, 0, MRW_IMAGE);
	reader->extents[reader->count++] = (struct mrw_extent){ 0, MRW_IMAGE };
	mrw_reading_init(&reading, shape_of(worker), chunk);
	mrw_reading_next(&reading, &worker->among);
	if (narrow_block(worker, &reading) < 0)
		return -1;
	if (worker->builder.blocks)
		mrw_builder_repeat(&worker->builder, chunk->repeat);
	return 0;
}

static int narrow_blocks(struct mrw_worker *worker, const struct mrw_chunk *chunk)
{
	struct mrw_reading reading;

	if (mrw_gather(&worker->reader, shape_of(worker), chunk, &worker->among) < 0)
		return -1;
	mrw_reading_init(&reading, shape_of(worker), chunk);
	while (mrw_reading_next(&reading, &worker->among))
		if (narrow_block(worker, &reading) < 0)
			return -1;
	return 0;
}

int mrw_worker_narrow(struct mrw_worker *worker, struct mrw_chunk *chunk,
		      struct mrw_chunk_list *list)
{
	int status;

	if (is_uniform(worker, chunk))
		status = narrow_uniform(worker, chunk);
	else
		status = narrow_blocks(worker, chunk);
	return status < 0 ? -1 : finish(worker, chunk, list);
}
