// SPDX-License-Identifier: GPL-2.0-only
#include "suite.h"

#include <err.h>
#include <math.h>

#include "buffer.h"
#include "check.h"
#include "target.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define SEGMENTS_MAX	1024	/* that process_vm_readv(2) takes */
#define GROWTH_LENGTH	(1UL << 30)
#define CHECK_LENGTH	(1UL << 20)

static const size_t lengths[] = { 8, 64, 4UL << 10, 64UL << 10, 1UL << 20, SUITE_LENGTH };
static const size_t growing_lengths[] = { 64UL << 10, 1UL << 20, 64UL << 20, GROWTH_LENGTH };
static const size_t growing_segments[] = { 64, 1024, 16384, 65536 };

/* By enum pages, and one more for what grows. */
static struct area areas[PAGES + 1];
static uint8_t *buffer;

static void add(struct suite *suite, enum table table, struct work work)
{
	if (suite->count == SUITE_LINES)
		errx(1, "more than %d lines", SUITE_LINES);
	suite->lines[suite->count++] = (struct line){ .table = table, .work = work };
}

static void add_transfers(struct suite *suite)
{
	for (enum direction d = READ; d < DIRECTIONS; d++) {
		for (enum pages pages = BASE; pages < PAGES; pages++) {
			for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
				add(suite, TRANSFERS,
				    work_transfer(d, &areas[pages], buffer, lengths[i]));
		}
	}
}

static void add_batches(struct suite *suite)
{
	for (enum direction d = READ; d < DIRECTIONS; d++) {
		for (enum layout layout = OWN_PAGE; layout < LAYOUTS; layout++)
			add(suite, BATCHES,
			    work_batch(d, layout, &areas[BASE], buffer, SEGMENTS_MAX));
	}
}

static void add_growth(struct suite *suite)
{
	const struct area *area = &areas[PAGES];
	uint8_t *long_buffer = buffer_new_repeating(GROWTH_LENGTH, SUITE_LENGTH);

	for (enum direction d = READ; d < DIRECTIONS; d++) {
		for (size_t i = 0; i < ARRAY_SIZE(growing_lengths); i++)
			add(suite, BYTES, work_transfer(d, area, long_buffer, growing_lengths[i]));
	}
	for (enum direction d = READ; d < DIRECTIONS; d++) {
		for (size_t i = 0; i < ARRAY_SIZE(growing_segments); i++)
			add(suite, SEGMENTS,
			    work_batch(d, OWN_PAGE, area, long_buffer, growing_segments[i]));
	}
}

/* The target has its memory before this process takes its own. */
void suite_prepare(struct suite *suite, const struct pace *pace)
{
	size_t count = pace->repeats ? PAGES + 1 : PAGES;

	for (enum pages pages = BASE; pages < PAGES; pages++)
		area_reserve(&areas[pages], pages, SUITE_LENGTH);
	if (pace->repeats)
		area_reserve(&areas[PAGES], BASE, GROWTH_LENGTH);
	ways_open(target_start(areas, count), SUITE_LENGTH);
	buffer = buffer_new(SUITE_LENGTH);

	*suite = (struct suite){ .pace = pace };
	add_transfers(suite);
	add_batches(suite);
	if (pace->repeats)
		add_growth(suite);
}

/* What is read is what the target has put there, until a write has replaced it. */
static void check_direction(struct suite *suite, enum direction direction)
{
	for (size_t i = 0; i < suite->count; i++) {
		struct line *line = &suite->lines[i];

		if (line->work.direction != direction || work_bytes(&line->work) > CHECK_LENGTH)
			continue;
		for (enum way_id way = 0; way < WAYS; way++) {
			if (line_has(line, way) && ways[way].kind != KIND_LIMIT)
				check_way(&ways[way], &line->work);
		}
	}
}

void suite_check(struct suite *suite)
{
	check_direction(suite, READ);
	check_direction(suite, WRITE);
}

void suite_measure(struct suite *suite)
{
	for (suite->agree = false; !suite->agree && suite->rounds < suite->pace->rounds;
	     suite->rounds++) {
		suite->agree = true;
		for (size_t i = 0; i < suite->count; i++)
			suite->agree &= line_measure(&suite->lines[i], suite->pace);
	}
	window_measure(suite->windows, suite->pace, &areas[BASE], buffer);
	watch_measure(&suite->watches, suite->pace);
	if (!suite->pace->repeats)
		scaling_measure(suite->scaling, suite->pace, &areas[BASE], buffer);
}

double suite_difference(const struct suite *suite)
{
	double greatest = 0;

	for (size_t i = 0; i < suite->count; i++)
		greatest = fmax(greatest, line_difference(&suite->lines[i]));
	return greatest;
}
