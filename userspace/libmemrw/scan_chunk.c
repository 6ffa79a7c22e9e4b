// SPDX-License-Identifier: LGPL-2.1-or-later
/* Chunks: reading the records. */
#include "scan_record.h"

#include <stdlib.h>
#include <string.h>

struct mrw_chunk *mrw_chunk_clone(const struct mrw_chunk *chunk, uint64_t address)
{
	size_t size = sizeof(*chunk) + chunk->size;
	struct mrw_chunk *clone = malloc(size);

	if (!clone)
		return NULL;
	memcpy(clone, chunk, size);
	clone->references = 1;
	clone->address = address;
	return clone;
}

struct mrw_chunk *mrw_chunk_get(struct mrw_chunk *chunk)
{
	__atomic_add_fetch(&chunk->references, 1, __ATOMIC_RELAXED);
	return chunk;
}

void mrw_chunk_put(struct mrw_chunk *chunk)
{
	if (!__atomic_sub_fetch(&chunk->references, 1, __ATOMIC_ACQ_REL))
		free(chunk);
}

size_t mrw_chunk_memory(const struct mrw_chunk *chunk)
{
	return sizeof(*chunk) + chunk->size;
}

void mrw_reading_init(struct mrw_reading *reading, const struct mrw_shape *shape,
		      const struct mrw_chunk *chunk)
{
	*reading = (struct mrw_reading){
		.shape = shape,
		.chunk = chunk,
		.next = chunk->data,
	};
}

static void set_first_bits(uint64_t *bits, size_t count)
{
	memset(bits, 0xff, count / 64 * sizeof(*bits));
	if (count % 64)
		bits[count / 64] = (UINT64_C(1) << (count % 64)) - 1;
}

static void set_listed_bits(uint64_t *bits, const uint8_t *list, const uint8_t *end)
{
	unsigned int place = 0, distance;

	while (list < end) {
		distance = *list++;
		if (distance & 0x80)
			distance = (distance & 0x7f) << 7 | *list++;
		place += distance;
		bits[place / 64] |= UINT64_C(1) << (place % 64);
	}
}

/* Returns what is behind the places. */
static const uint8_t *read_places(const struct mrw_reading *reading,
				  const struct mrw_record *record,
				  const uint8_t *data, uint64_t *bits)
{
	size_t bitmap = mrw_bitmap_size(reading->shape);
	uint16_t list_size;

	memset(bits, 0, MRW_BLOCK / 8);
	switch (record->form & MRW_PLACES) {
	case MRW_PLACES_ALL:
		set_first_bits(bits, record->last + 1);
		return data;
	case MRW_PLACES_BITMAP:
		memcpy(bits, data, bitmap);
		return data + bitmap;
	default:
		memcpy(&list_size, data, sizeof(list_size));
		data += sizeof(list_size);
		set_listed_bits(bits, data, data + list_size);
		return data + list_size;
	}
}

static const uint8_t *read_types(const struct mrw_reading *reading,
				 const uint8_t *data, struct mrw_matches *matches)
{
	bool each = (reading->form & MRW_TYPES) == MRW_TYPES_EACH;
	unsigned int place = matches->first;

	if (!mrw_shape_is_mixed(reading->shape))
		return data;
	for (unsigned int i = 0; i < matches->count; i++) {
		memcpy(&matches->types[place], data, sizeof(*matches->types));
		place = mrw_next_place(matches, place + 1);
		if (each)
			data += sizeof(*matches->types);
	}
	return each ? data : data + sizeof(*matches->types);
}

static size_t values_size(const struct mrw_reading *reading,
			  const struct mrw_matches *matches)
{
	switch (reading->form & MRW_VALUES) {
	case MRW_VALUES_SAME:
		return reading->shape->width;
	case MRW_VALUES_EACH:
		return (size_t)matches->count * reading->shape->width;
	default:
		return mrw_values_span(reading->shape, matches);
	}
}

static void read_record(struct mrw_reading *reading, struct mrw_matches *matches)
{
	const uint8_t *data = reading->next;
	struct mrw_record record;

	memcpy(&record, data, sizeof(record));
	reading->form = record.form;
	matches->index = record.index;
	data = read_places(reading, &record, data + sizeof(record), matches->bits);
	mrw_matches_measure(matches);
	reading->values = read_types(reading, data, matches);
	reading->next = reading->values + values_size(reading, matches);
}

bool mrw_reading_next(struct mrw_reading *reading, struct mrw_matches *matches)
{
	const struct mrw_chunk *chunk = reading->chunk;

	if (chunk->repeat > 1 && reading->repeated) {
		if (reading->repeated == chunk->repeat)
			return false;
		reading->next = chunk->data;
	}
	if (reading->next == chunk->data + chunk->size)
		return false;
	read_record(reading, matches);
	if (chunk->repeat > 1)
		matches->index = reading->repeated++;
	return true;
}

void mrw_reading_values(const struct mrw_reading *reading,
			const struct mrw_matches *matches, uint8_t *block)
{
	const struct mrw_shape *shape = reading->shape;
	unsigned int place = matches->first, form = reading->form & MRW_VALUES;
	const uint8_t *values = reading->values;

	if (form == MRW_VALUES_SPAN) {
		memcpy(block + place * shape->step, values, mrw_values_span(shape, matches));
		return;
	}
	for (unsigned int i = 0; i < matches->count; i++) {
		memcpy(block + place * shape->step, values, shape->width);
		if (form == MRW_VALUES_EACH)
			values += shape->width;
		place = mrw_next_place(matches, place + 1);
	}
}
