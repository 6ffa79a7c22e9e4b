// SPDX-License-Identifier: GPL-2.0-only
#include "work.h"

#include <err.h>
#include <stdlib.h>

#define WORD		8
#define PAGE		4096UL
#define PER_PAGE	8	/* segments, where they share one */

const char *const direction_names[DIRECTIONS] = { [READ] = "read", [WRITE] = "write" };

const char *const layout_names[LAYOUTS] = {
	[ALONE] = "alone",
	[OWN_PAGE] = "own page",
	[SORTED] = "8 a page, sorted",
	[SHUFFLED] = "8 a page, shuffled",
};

struct work work_transfer(enum direction direction, const struct area *area, uint8_t *buffer,
			  size_t length)
{
	return (struct work){
		.direction = direction,
		.layout = ALONE,
		.area = area,
		.buffer = buffer,
		.length = length,
		.segments = 1,
	};
}

/* In the order of addresses. */
static size_t offset_of(enum layout layout, size_t index)
{
	if (layout == OWN_PAGE)
		return index * PAGE + index * WORD % PAGE;
	return index / PER_PAGE * PAGE + index % PER_PAGE * (PAGE / PER_PAGE);
}

/* The same each time: figures have to repeat. */
static void shuffle(size_t *offsets, size_t count)
{
	uint32_t random = 1;

	for (size_t i = count - 1; i > 0; i--) {
		size_t other, offset = offsets[i];

		random = random * 1664525 + 1013904223;
		other = (random >> 8) % (i + 1);
		offsets[i] = offsets[other];
		offsets[other] = offset;
	}
}

static size_t *offsets_of(enum layout layout, size_t count)
{
	size_t *offsets = calloc(count, sizeof(*offsets));

	if (!offsets)
		err(1, "calloc");
	for (size_t i = 0; i < count; i++)
		offsets[i] = offset_of(layout, i);
	if (layout == SHUFFLED)
		shuffle(offsets, count);
	return offsets;
}

static void add_segments(struct work *work, const size_t *offsets)
{
	for (size_t i = 0; i < work->segments; i++) {
		work->local[i] = (struct iovec){ work->buffer + i * WORD, WORD };
		work->remote[i] = (struct iovec){ work->area->start + offsets[i], WORD };
		work->segment[i] = (struct memrw_segment){
			.address = (uintptr_t)work->remote[i].iov_base,
			.buffer = (uintptr_t)work->local[i].iov_base,
			.length = WORD,
		};
	}
}

struct work work_batch(enum direction direction, enum layout layout, const struct area *area,
		       uint8_t *buffer, size_t segments)
{
	struct work work = {
		.direction = direction,
		.layout = layout,
		.area = area,
		.buffer = buffer,
		.length = WORD,
		.segments = segments,
		.local = calloc(segments, sizeof(*work.local)),
		.remote = calloc(segments, sizeof(*work.remote)),
		.segment = calloc(segments, sizeof(*work.segment)),
	};
	size_t *offsets = offsets_of(layout, segments);

	if (!work.local || !work.remote || !work.segment)
		err(1, "calloc");
	add_segments(&work, offsets);
	free(offsets);
	return work;
}

size_t work_bytes(const struct work *work)
{
	return work->length * work->segments;
}
