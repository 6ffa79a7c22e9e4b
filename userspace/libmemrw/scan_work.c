// SPDX-License-Identifier: LGPL-2.1-or-later
/* A thread of a pass, and first passes; scan_narrow.c has the later ones. */
#include "scan_work.h"

#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

void mrw_worker_close(struct mrw_worker *worker)
{
	if (!worker)
		return;
	if (worker->zeros)
		mrw_chunk_put(worker->zeros);
	mrw_builder_clear(&worker->builder);
	mrw_reader_clear(&worker->reader);
	free(worker->then);
	free(worker);
}

struct mrw_worker *mrw_worker_open(const struct mrw_work *work)
{
	struct mrw_worker *worker = calloc(1, sizeof(*worker));

	if (!worker)
		return NULL;
	worker->work = work;
	mrw_builder_init(&worker->builder, &work->query->shape);
	worker->then = calloc(1, MRW_IMAGE);
	if (mrw_reader_init(&worker->reader, work->target, work->areas) < 0 || !worker->then) {
		mrw_worker_close(worker);
		return NULL;
	}
	return worker;
}

static int finish(struct mrw_worker *worker, struct mrw_chunk_list *list)
{
	struct mrw_chunk *chunk;

	if (mrw_builder_finish(&worker->builder, worker->reader.base, &chunk) < 0)
		return -1;
	return chunk ? mrw_chunk_list_add(list, chunk) : 0;
}

/* The block at an offset in the buffer, of which an extent has bytes. */
static int scan_block(struct mrw_worker *worker, const struct mrw_extent *extent,
		      size_t offset)
{
	const struct mrw_query *query = worker->work->query;
	const uint8_t *block = worker->reader.buffer + offset;
	struct mrw_matches *kept = &worker->kept;
	size_t length = MIN(extent->end - offset, MRW_BLOCK + query->shape.width - 1);

	if (!mrw_select(query, block, length, NULL, NULL, kept))
		return 0;
	if (extent->start > offset &&
	    !mrw_matches_clip(kept, &query->shape, extent->start - offset))
		return 0;
	kept->index = offset / MRW_BLOCK;
	return mrw_builder_add(&worker->builder, kept, block);
}

/* Behind an extent's end there is nothing, as far as values reach there. */
static int scan_extent(struct mrw_worker *worker, const struct mrw_extent *extent,
		       size_t end)
{
	size_t offset = extent->start / MRW_BLOCK * MRW_BLOCK;

	memset(worker->reader.buffer + extent->end, 0, sizeof(uint64_t));
	for (; offset < MIN(end, extent->end); offset += MRW_BLOCK)
		if (scan_block(worker, extent, offset) < 0)
			return -1;
	return 0;
}

static int scan_extents(struct mrw_worker *worker, size_t end,
			struct mrw_chunk_list *list)
{
	for (size_t i = 0; i < worker->reader.count; i++)
		if (scan_extent(worker, &worker->reader.extents[i], end) < 0)
			return -1;
	return finish(worker, list);
}

/*
 * A whole chunk of zeros that the target never touched is like any other, of
 * which there may be very many.
 */
static int learn_zeros(struct mrw_worker *worker)
{
	struct mrw_chunk_list list = { 0 };
	struct mrw_extent extent = { 0, MRW_CHUNK + worker->work->query->shape.width - 1 };

	memset(worker->reader.buffer, 0, extent.end);
	worker->reader.extents[0] = extent;
	worker->reader.count = 1;
	if (scan_extents(worker, MRW_CHUNK, &list) < 0)
		return -1;
	worker->zeros = list.count ? list.chunks[0] : NULL;
	worker->knows_zeros = true;
	free(list.chunks);
	return 0;
}

static int scan_zeros(struct mrw_worker *worker, uint64_t start,
		      struct mrw_chunk_list *list)
{
	struct mrw_chunk *chunk;

	if (!worker->knows_zeros && learn_zeros(worker) < 0)
		return -1;
	if (!worker->zeros)
		return 0;
	chunk = mrw_chunk_clone(worker->zeros, start);
	return chunk ? mrw_chunk_list_add(list, chunk) : -1;
}

int mrw_worker_scan(struct mrw_worker *worker, uint64_t start, uint64_t end,
		    uint64_t limit, struct mrw_chunk_list *list)
{
	uint64_t base = start / MRW_BLOCK * MRW_BLOCK;
	size_t whole = MRW_CHUNK + worker->work->query->shape.width - 1;

	if (limit - start == whole && end - start == MRW_CHUNK &&
	    mrw_reader_is_absent(&worker->reader, start, whole))
		return scan_zeros(worker, start, list);
	mrw_reader_begin(&worker->reader, base);
	if (mrw_reader_add(&worker->reader, start, limit - start) < 0 ||
	    mrw_reader_flush(&worker->reader) < 0)
		return -1;
	return scan_extents(worker, end - base, list);
}
