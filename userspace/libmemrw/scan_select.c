// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_select.h"
#include "scan_kernel.h"
#include "scan_record.h"

#include <string.h>

/* Among fewer than one place of so many, each is asked alone. */
#define SPARSE 16

/* Values that are whole, at multiples of the stride. */
static size_t count_positions(size_t length, unsigned int size, unsigned int stride)
{
	size_t limit;

	if (length < size)
		return 0;
	limit = length - size + 1;
	if (limit > MRW_BLOCK)
		limit = MRW_BLOCK;
	return (limit + stride - 1) / stride;
}

static void clear_behind(uint64_t *bits, size_t positions)
{
	size_t words = MRW_WORDS(positions);

	memset(bits + words, 0, (MRW_BLOCK / 64 - words) * sizeof(*bits));
}

/*
 * One type, at each place
 */

static bool ask_text(const struct mrw_query *query, const uint8_t *block,
		     const uint8_t *then, size_t positions, uint64_t *bits)
{
	unsigned int step = query->shape.step;
	bool any = true;

	if (query->has_pattern)
		any = mrw_kernel_pattern(&query->pattern, block, positions, step, bits);
	else if (query->same)
		mrw_kernel_same(block, then, query->shape.width, positions, step, bits);
	else
		memset(bits, 0xff, MRW_WORDS(positions) * sizeof(*bits));
	for (size_t i = 0; query->invert && i < MRW_WORDS(positions); i++)
		bits[i] = ~bits[i];
	return any || query->invert;
}

static bool ask(const struct mrw_query *query, const uint8_t *block,
		const uint8_t *then, size_t positions, uint64_t *bits)
{
	if (query->shape.types & MRW_TYPES_TEXT)
		return ask_text(query, block, then, positions, bits);
	return mrw_kernel_values(&query->terms[0], block, then, positions,
				 query->shape.step, bits);
}

static void ask_each(const struct mrw_query *query, const uint8_t *block,
		     const uint8_t *then, size_t positions,
		     const struct mrw_matches *among, uint64_t *bits)
{
	unsigned int step = query->shape.step;
	unsigned int place = mrw_next_place(among, 0);

	memset(bits, 0, MRW_BLOCK / 8);
	for (; place < positions; place = mrw_next_place(among, place + 1)) {
		uint64_t bit;

		ask(query, block + place * step, then ? then + place * step : NULL, 1, &bit);
		bits[place / 64] |= (bit & 1) << (place % 64);
	}
}

static bool select_plain(const struct mrw_query *query, const uint8_t *block,
			 size_t length, const uint8_t *then,
			 const struct mrw_matches *among, struct mrw_matches *kept)
{
	size_t positions = count_positions(length, query->shape.width, query->shape.step);

	if (among && among->count * SPARSE < positions) {
		ask_each(query, block, then, positions, among, kept->bits);
		return mrw_matches_measure(kept);
	}
	if (!positions || !ask(query, block, then, positions, kept->bits))
		return false;
	clear_behind(kept->bits, positions);
	for (size_t i = 0; among && i < MRW_BLOCK / 64; i++)
		kept->bits[i] &= among->bits[i];
	return mrw_matches_measure(kept);
}

/*
 * Several types
 */

static void add_types(const struct mrw_query *query, const struct mrw_term *term,
		      const uint64_t *bits, size_t positions,
		      const struct mrw_matches *among, struct mrw_matches *kept)
{
	unsigned int stride = mrw_shape_stride(&query->shape, term->size);
	unsigned int scale = stride / query->shape.step;
	uint16_t type = MEMRW_SCAN_TYPE(term->type);

	for (size_t i = 0; i < positions; i++) {
		size_t place = i * scale;

		/* Most words have no bit. */
		if (i % 64 == 0 && !bits[i / 64]) {
			i += 63;
			continue;
		}
		if (!mrw_bit(bits, i) ||
		    (among && (!mrw_bit(among->bits, place) || !(among->types[place] & type))))
			continue;
		if (!mrw_bit(kept->bits, place))
			kept->types[place] = 0;
		kept->types[place] |= type;
		kept->bits[place / 64] |= UINT64_C(1) << (place % 64);
	}
}

static bool select_mixed(const struct mrw_query *query, const uint8_t *block,
			 size_t length, const uint8_t *then,
			 const struct mrw_matches *among, struct mrw_matches *kept)
{
	uint64_t bits[MRW_BLOCK / 64];

	memset(kept->bits, 0, sizeof(kept->bits));
	for (size_t i = 0; i < query->term_count; i++) {
		const struct mrw_term *term = &query->terms[i];
		unsigned int stride = mrw_shape_stride(&query->shape, term->size);
		size_t positions = count_positions(length, term->size, stride);

		if (positions &&
		    mrw_kernel_values(term, block, then, positions, stride, bits))
			add_types(query, term, bits, positions, among, kept);
	}
	return mrw_matches_measure(kept);
}

bool mrw_select(const struct mrw_query *query, const uint8_t *block, size_t length,
		const uint8_t *then, const struct mrw_matches *among,
		struct mrw_matches *kept)
{
	if (mrw_shape_is_mixed(&query->shape))
		return select_mixed(query, block, length, then, among, kept);
	return select_plain(query, block, length, then, among, kept);
}

bool mrw_matches_clip(struct mrw_matches *matches, const struct mrw_shape *shape,
		      size_t offset)
{
	size_t places = (offset + shape->step - 1) / shape->step;

	for (size_t i = 0; i < places && i < MRW_BLOCK; i++)
		matches->bits[i / 64] &= ~(UINT64_C(1) << (i % 64));
	return mrw_matches_measure(matches);
}
