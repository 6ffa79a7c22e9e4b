/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the records of a chunk are laid out: for its writer and its reader. */
#ifndef MRW_SCAN_RECORD_H
#define MRW_SCAN_RECORD_H

#include "scan_chunk.h"

/*
 * struct mrw_record - then come places, types and values
 * @index: of the block
 * @form: one of MRW_PLACES_*, MRW_TYPES_* and MRW_VALUES_* each
 * @last: the matches, less 1
 */
struct mrw_record {
	uint8_t index;
	uint8_t form;
	uint16_t last;
};

/*
 * Places: all from the first on; a bitmap; or distances, each of 1 byte, or 2
 * with the high bit in the first, behind their length.
 */
#define MRW_PLACES_ALL		0x00
#define MRW_PLACES_BITMAP	0x01
#define MRW_PLACES_LIST		0x02
#define MRW_PLACES		0x03

/* Types: none, or 2 bytes for all; or 2 bytes each. */
#define MRW_TYPES_SAME		0x00
#define MRW_TYPES_EACH		0x04
#define MRW_TYPES		0x04

/* Values: one for all; each; or the bytes from the first to the last. */
#define MRW_VALUES_SAME		0x00
#define MRW_VALUES_EACH		0x08
#define MRW_VALUES_SPAN		0x10
#define MRW_VALUES		0x18

static inline size_t mrw_bitmap_size(const struct mrw_shape *shape)
{
	return (MRW_BLOCK / shape->step + 63) / 64 * 8;
}

static inline size_t mrw_values_span(const struct mrw_shape *shape,
				     const struct mrw_matches *matches)
{
	return (size_t)(matches->last - matches->first) * shape->step + shape->width;
}

/* The first match at or behind a place; MRW_BLOCK if there is none. */
static inline unsigned int mrw_next_place(const struct mrw_matches *matches,
					  unsigned int place)
{
	unsigned int i = place / 64;
	uint64_t word;

	if (place >= MRW_BLOCK)
		return MRW_BLOCK;
	word = matches->bits[i] >> (place % 64) << (place % 64);
	while (!word && ++i < MRW_BLOCK / 64)
		word = matches->bits[i];
	return word ? 64 * i + __builtin_ctzll(word) : MRW_BLOCK;
}

#endif
