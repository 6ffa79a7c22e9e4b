// SPDX-License-Identifier: GPL-2.0-only
/* Packed matches: what is taken out is what was put in, in the room promised. */
#include "scan_record.h"
#include "support/random.h"
#include "support/unit.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS	6

static struct mrw_matches blocks[BLOCKS];
static uint8_t images[BLOCKS][MRW_IMAGE];

/* All of them, none, a few, many: each is a form of its own. */
static bool is_chosen(unsigned int kind, size_t place)
{
	switch (kind) {
	case 0:
		return true;
	case 1:
		return random_below(200) == 0;
	case 2:
		return random_below(2);
	case 3:
		return place < 37;
	case 4:
		return random_below(1500) == 0;
	default:
		return false;
	}
}

static bool fill_block(struct mrw_matches *matches, uint8_t *image,
		       const struct mrw_shape *shape)
{
	unsigned int kind = random_below(6);

	memset(matches, 0, sizeof(*matches));
	random_memory(image, MRW_IMAGE);
	if (random_below(3) == 0)
		memset(image, 0, MRW_IMAGE);
	for (size_t place = 0; place < MRW_BLOCK / shape->step; place++) {
		if (!is_chosen(kind, place))
			continue;
		matches->bits[place / 64] |= UINT64_C(1) << (place % 64);
		matches->types[place] = kind == 2 ? 1 + random_below(1023) : 3;
	}
	return mrw_matches_measure(matches);
}

static void assert_block(const struct mrw_matches *matches, const uint8_t *values,
			 const struct mrw_matches *wanted, const uint8_t *image,
			 const struct mrw_shape *shape)
{
	assert_int_equal(matches->index, wanted->index);
	assert_int_equal(matches->count, wanted->count);
	assert_memory_equal(matches->bits, wanted->bits, sizeof(wanted->bits));
	for (unsigned int place = wanted->first; place < MRW_BLOCK;
	     place = mrw_next_place(wanted, place + 1)) {
		assert_memory_equal(values + place * shape->step,
				    image + place * shape->step, shape->width);
		if (mrw_shape_is_mixed(shape))
			assert_int_equal(matches->types[place], wanted->types[place]);
	}
}

static void assert_chunk(const struct mrw_chunk *chunk, size_t count,
			 const struct mrw_shape *shape)
{
	static struct mrw_matches matches;
	static uint8_t values[MRW_IMAGE];
	struct mrw_reading reading;
	size_t sum = 0;

	mrw_reading_init(&reading, shape, chunk);
	for (size_t i = 0; i < count; i++) {
		assert_true(mrw_reading_next(&reading, &matches));
		memset(values, 0x5a, sizeof(values));
		mrw_reading_values(&reading, &matches, values);
		assert_block(&matches, values, &blocks[i], images[i], shape);
		sum += matches.count;
	}
	assert_false(mrw_reading_next(&reading, &matches));
	assert_int_equal(chunk->count, sum);
}

static void try_chunk(const struct mrw_shape *shape)
{
	struct mrw_builder builder;
	struct mrw_chunk *chunk;
	size_t count = 0, index = 0;

	mrw_builder_init(&builder, shape);
	while (count < BLOCKS && index < MRW_CHUNK_BLOCKS) {
		if (fill_block(&blocks[count], images[count], shape)) {
			blocks[count].index = index;
			assert_int_equal(mrw_builder_add(&builder, &blocks[count],
							 images[count]), 0);
			count++;
		}
		index += 1 + random_below(12);
	}
	assert_int_equal(mrw_builder_finish(&builder, 0x1000, &chunk), 0);
	mrw_builder_clear(&builder);
	if (!count) {
		assert_null(chunk);
		return;
	}
	assert_int_equal(chunk->address, 0x1000);
	assert_chunk(chunk, count, shape);
	mrw_chunk_put(chunk);
}

static void what_is_taken_out_is_what_was_put_in(void **state)
{
	static const unsigned int types[] = {
		MEMRW_SCAN_TYPE(MEMRW_TYPE_I8), MEMRW_SCAN_TYPE(MEMRW_TYPE_U16),
		MEMRW_SCAN_TYPE(MEMRW_TYPE_I32), MEMRW_SCAN_TYPE(MEMRW_TYPE_F64),
		MEMRW_SCAN_ANY_INT, MEMRW_SCAN_ANY_NUMBER, MEMRW_SCAN_BYTES,
	};
	struct mrw_shape shape;

	(void)state;
	random_start();
	for (int i = 0; i < 2000; i++) {
		mrw_shape_init(&shape, types[i % 7], random_below(2) ? 0 : 1U << random_below(13),
			       false);
		if (!shape.width)
			shape.width = 1 + random_below(100);
		try_chunk(&shape);
	}
}

static struct mrw_chunk *chunk_of_same(size_t count, const struct mrw_shape *shape)
{
	struct mrw_builder builder;
	struct mrw_chunk *chunk;

	mrw_builder_init(&builder, shape);
	for (size_t i = 0; i < count; i++) {
		memset(&blocks[i], 0, sizeof(blocks[i]));
		memset(images[i], 0, MRW_IMAGE);
		memset(blocks[i].bits, 0xff, MRW_BLOCK / shape->step / 8);
		mrw_matches_measure(&blocks[i]);
		blocks[i].index = i;
		assert_int_equal(mrw_builder_add(&builder, &blocks[i], images[i]), 0);
	}
	assert_int_equal(mrw_builder_finish(&builder, 0, &chunk), 0);
	mrw_builder_clear(&builder);
	return chunk;
}

static void blocks_alike_are_kept_once(void **state)
{
	struct mrw_shape shape;
	struct mrw_chunk *chunk;

	(void)state;
	mrw_shape_init(&shape, MEMRW_SCAN_TYPE(MEMRW_TYPE_I32), 0, false);
	chunk = chunk_of_same(BLOCKS, &shape);
	assert_int_equal(chunk->repeat, BLOCKS);
	assert_true(mrw_chunk_memory(chunk) < 64);
	assert_chunk(chunk, BLOCKS, &shape);
	mrw_chunk_put(chunk);
}

/* The goal: 1.5 bytes a match, plus the values, at some 40 of them a page. */
static void a_match_takes_little_more_than_its_value(void **state)
{
	size_t matches = 0;
	struct mrw_builder builder;
	struct mrw_shape shape;
	struct mrw_chunk *chunk;

	(void)state;
	random_start();
	mrw_shape_init(&shape, MEMRW_SCAN_TYPE(MEMRW_TYPE_I32), 0, false);
	mrw_builder_init(&builder, &shape);
	for (size_t i = 0; i < MRW_CHUNK_BLOCKS; i++) {
		struct mrw_matches *block = &blocks[0];

		memset(block, 0, sizeof(*block));
		random_memory(images[0], MRW_IMAGE);
		for (size_t j = 0; j < 40; j++)
			block->bits[random_below(16)] |= UINT64_C(1) << random_below(64);
		mrw_matches_measure(block);
		block->index = i;
		matches += block->count;
		assert_int_equal(mrw_builder_add(&builder, block, images[0]), 0);
	}
	assert_int_equal(mrw_builder_finish(&builder, 0, &chunk), 0);
	mrw_builder_clear(&builder);
	assert_true(mrw_chunk_memory(chunk) <= matches * 4 + matches * 3 / 2);
	mrw_chunk_put(chunk);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(what_is_taken_out_is_what_was_put_in),
	cmocka_unit_test(blocks_alike_are_kept_once),
	cmocka_unit_test(a_match_takes_little_more_than_its_value),
};

unit_main(tests)
