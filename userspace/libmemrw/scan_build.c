// SPDX-License-Identifier: LGPL-2.1-or-later
/* Chunks: writing the records. */
#include "scan_record.h"

#include <stdlib.h>
#include <string.h>

/* The longest record: a bitmap, types and a value for each place of a block. */
#define RECORD_MAX (8 + MRW_BLOCK / 8 + 2 * MRW_BLOCK + 2 * MRW_IMAGE)

bool mrw_matches_measure(struct mrw_matches *matches)
{
	unsigned int count = 0, first = 0, last = 0;

	for (unsigned int i = 0; i < MRW_BLOCK / 64; i++) {
		uint64_t word = matches->bits[i];

		if (!word)
			continue;
		if (!count)
			first = 64 * i + __builtin_ctzll(word);
		last = 64 * i + 63 - __builtin_clzll(word);
		count += __builtin_popcountll(word);
	}
	matches->count = count;
	matches->first = first;
	matches->last = last;
	return count;
}

void mrw_builder_init(struct mrw_builder *builder, const struct mrw_shape *shape)
{
	*builder = (struct mrw_builder){ .shape = shape };
}

void mrw_builder_clear(struct mrw_builder *builder)
{
	free(builder->data);
	builder->data = NULL;
}

static int make_room(struct mrw_builder *builder, size_t bytes)
{
	size_t room = 2 * builder->room + bytes;
	uint8_t *data;

	if (bytes <= builder->room - builder->size)
		return 0;
	data = realloc(builder->data, room);
	if (!data)
		return -1;
	builder->data = data;
	builder->room = room;
	return 0;
}

/*
 * Places
 */

static size_t list_places(const struct mrw_matches *matches, uint8_t *list, size_t room)
{
	unsigned int previous = 0;
	size_t size = 0;

	for (unsigned int place = matches->first; place <= matches->last;
	     place = mrw_next_place(matches, place + 1)) {
		unsigned int distance = place - previous;

		if (size + 2 > room)
			return 0;
		if (distance >= 0x80)
			list[size++] = 0x80 | distance >> 7;
		list[size++] = distance & (distance >= 0x80 ? 0x7f : 0xff);
		previous = place;
		if (place == matches->last)
			break;
	}
	return size;
}

/* Returns the form; *size: what was written. */
static unsigned int write_places(const struct mrw_shape *shape,
				 const struct mrw_matches *matches, uint8_t *data,
				 size_t *size)
{
	size_t bitmap = mrw_bitmap_size(shape), list;
	uint16_t list_size;

	*size = 0;
	if (matches->first == 0 && matches->last + 1 == matches->count)
		return MRW_PLACES_ALL;
	list = matches->count < bitmap ?
		       list_places(matches, data + sizeof(list_size), bitmap) : 0;
	if (list && list + sizeof(list_size) < bitmap) {
		list_size = list;
		memcpy(data, &list_size, sizeof(list_size));
		*size = sizeof(list_size) + list;
		return MRW_PLACES_LIST;
	}
	memcpy(data, matches->bits, bitmap);
	*size = bitmap;
	return MRW_PLACES_BITMAP;
}

/*
 * Types
 */

static unsigned int write_types(const struct mrw_shape *shape,
				const struct mrw_matches *matches, uint8_t *data,
				size_t *size)
{
	unsigned int place = matches->first, form = MRW_TYPES_SAME;
	uint16_t types = matches->types[place];

	*size = 0;
	if (!mrw_shape_is_mixed(shape))
		return MRW_TYPES_SAME;
	for (unsigned int i = 0; i < matches->count; i++) {
		if (matches->types[place] != types)
			form = MRW_TYPES_EACH;
		memcpy(data + i * sizeof(types), &matches->types[place], sizeof(types));
		place = mrw_next_place(matches, place + 1);
	}
	*size = sizeof(types) * (form == MRW_TYPES_EACH ? matches->count : 1);
	return form;
}

/*
 * Values
 */

static bool values_are_same(const struct mrw_shape *shape,
			    const struct mrw_matches *matches, const uint8_t *block)
{
	const uint8_t *value = block + matches->first * shape->step;
	unsigned int place = matches->first;

	/* All there are: then each byte is the one a step behind it. */
	if (matches->last - matches->first + 1 == matches->count)
		return !memcmp(value, value + shape->step,
			       (matches->count - 1) * shape->step + shape->width -
			       (matches->count > 1 ? shape->step : shape->width));
	for (unsigned int i = 1; i < matches->count; i++) {
		place = mrw_next_place(matches, place + 1);
		if (memcmp(block + place * shape->step, value, shape->width))
			return false;
	}
	return true;
}

static void pack_values(const struct mrw_shape *shape,
			const struct mrw_matches *matches, const uint8_t *block,
			uint8_t *data)
{
	unsigned int place = matches->first;

	for (unsigned int i = 0; i < matches->count; i++) {
		memcpy(data, block + place * shape->step, shape->width);
		data += shape->width;
		place = mrw_next_place(matches, place + 1);
	}
}

static unsigned int write_values(const struct mrw_shape *shape,
				 const struct mrw_matches *matches,
				 const uint8_t *block, uint8_t *data, size_t *size)
{
	size_t span = mrw_values_span(shape, matches);
	size_t packed = (size_t)matches->count * shape->width;

	if (values_are_same(shape, matches, block)) {
		memcpy(data, block + matches->first * shape->step, shape->width);
		*size = shape->width;
		return MRW_VALUES_SAME;
	}
	if (span <= packed) {
		memcpy(data, block + matches->first * shape->step, span);
		*size = span;
		return MRW_VALUES_SPAN;
	}
	pack_values(shape, matches, block, data);
	*size = packed;
	return MRW_VALUES_EACH;
}

/*
 * Records
 */

static size_t write_record(const struct mrw_shape *shape,
			   const struct mrw_matches *matches, const uint8_t *block,
			   uint8_t *data)
{
	struct mrw_record record = {
		.index = matches->index,
		.last = matches->count - 1,
	};
	size_t at = sizeof(record), size;

	record.form = write_places(shape, matches, data + at, &size);
	at += size;
	record.form |= write_types(shape, matches, data + at, &size);
	at += size;
	record.form |= write_values(shape, matches, block, data + at, &size);
	memcpy(data, &record, sizeof(record));
	return at + size;
}

/* Does the record say the same as the first, of the next block? */
static bool is_alike(const struct mrw_builder *builder, size_t size)
{
	const uint8_t *record = builder->data + builder->size;

	return size == builder->first_size && record[0] == builder->blocks &&
	       !memcmp(record + 1, builder->data + 1, size - 1);
}

int mrw_builder_add(struct mrw_builder *builder, const struct mrw_matches *matches,
		    const uint8_t *block)
{
	size_t size;

	if (make_room(builder, RECORD_MAX) < 0)
		return -1;
	size = write_record(builder->shape, matches, block, builder->data + builder->size);
	if (!builder->blocks) {
		builder->first_size = size;
		builder->uniform = matches->index == 0;
	} else {
		builder->uniform = builder->uniform && is_alike(builder, size);
	}
	builder->size += size;
	builder->count += matches->count;
	builder->blocks++;
	return 0;
}

void mrw_builder_repeat(struct mrw_builder *builder, unsigned int blocks)
{
	builder->count *= blocks;
	builder->blocks = blocks;
}

int mrw_builder_finish(struct mrw_builder *builder, uint64_t address,
		       struct mrw_chunk **chunk)
{
	size_t size = builder->uniform ? builder->first_size : builder->size;

	*chunk = NULL;
	if (!builder->blocks)
		return 0;
	*chunk = malloc(sizeof(**chunk) + size);
	if (!*chunk)
		return -1;
	**chunk = (struct mrw_chunk){
		.references = 1,
		.size = size,
		.address = address,
		.count = builder->count,
		.repeat = builder->uniform ? builder->blocks : 1,
	};
	memcpy((*chunk)->data, builder->data, size);
	builder->size = 0;
	builder->count = 0;
	builder->blocks = 0;
	return 0;
}
