// SPDX-License-Identifier: GPL-2.0-only
#include "batch_calls.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "guard.h"
#include "zone.h"

static const struct zone *zone(void)
{
	return &caller_zones[ZONE_SEGMENTS];
}

/* As many as are in the zone; the array need not be aligned. */
static size_t readable(const struct memrw_batch *batch)
{
	uint64_t end = zone()->start + zone()->length, room;

	if (batch->segments < zone()->start || batch->segments >= end)
		return 0;
	room = (end - batch->segments) / sizeof(struct memrw_segment);
	return batch->count < room ? batch->count : room;
}

static struct memrw_segment segment_at(const struct memrw_batch *batch, size_t i)
{
	struct memrw_segment segment;

	memcpy(&segment, (char *)(uintptr_t)batch->segments + i * sizeof(segment),
	       sizeof(segment));
	return segment;
}

void batch_allow(const struct memrw_batch *batch, bool write)
{
	size_t count = readable(batch);

	for (size_t i = 0; i < count; i++) {
		struct memrw_segment segment = segment_at(batch, i);

		if (segment.length)
			guard_allow(write ? segment.address : segment.buffer, segment.length);
	}
	/* A batch that changes its own array may do anything. */
	if (!count || guard_allows(batch->segments, count * sizeof(struct memrw_segment)))
		guard_allow_all();
	for (size_t i = 0; i < count; i++)
		guard_allow(batch->segments + i * sizeof(struct memrw_segment) +
			    offsetof(struct memrw_segment, result), sizeof(uint64_t));
}

static bool is_possible(const struct memrw_segment *segment)
{
	int64_t result = segment->result;

	if (result >= 0)
		return (uint64_t)result <= segment->length && (result || !segment->length);
	return result == -EIO || result == -EFAULT || result == -ENOMEM;
}

void batch_check_results(struct run *run, const struct memrw_batch *batch)
{
	size_t count = readable(batch);

	/* Of a batch that has changed its own array nothing can be said. */
	if (guard_allows(batch->segments, 1))
		return;
	for (size_t i = 0; i < count && i < batch->done; i++) {
		struct memrw_segment segment = segment_at(batch, i);

		if (!is_possible(&segment))
			run_fail(run, "batch: segment %zu has result %lld of %llu", i,
				 segment.result, segment.length);
	}
}

long call_segments(struct run *run, const uint64_t *args)
{
	struct memrw_segment *array = (struct memrw_segment *)zone()->start;
	size_t room = zone()->length / sizeof(*array);
	size_t first = args[0] % room;

	(void)run;
	guard_allow_all();
	for (size_t i = 0; i < args[1] && first + i < room; i++)
		array[first + i] = (struct memrw_segment){
			.address = args[2] + i * args[3],
			.buffer = args[4] + i * args[6],
			.length = args[5],
			.result = 0x1234,
		};
	return 0;
}
