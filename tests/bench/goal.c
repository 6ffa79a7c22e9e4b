// SPDX-License-Identifier: GPL-2.0-only
#include "goal.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define MIB		(1UL << 20)
#define SCALING		1.8
#define NOT_SLOWER	1.02

static const struct {
	enum direction direction;
	enum layout layout;
	enum pages pages;
	size_t length;
	double ratio;
} goals[] = {
	{ READ, ALONE, BASE, 8, 0.50 },
	{ READ, ALONE, HUGE, 8, 0.50 },
	{ WRITE, ALONE, BASE, 8, 0.50 },
	{ WRITE, ALONE, HUGE, 8, 0.50 },
	{ READ, ALONE, BASE, 1 * MIB, 0.70 },
	{ READ, ALONE, BASE, 64 * MIB, 0.70 },
	{ READ, ALONE, HUGE, 1 * MIB, 0.60 },
	{ READ, ALONE, HUGE, 64 * MIB, 0.60 },
	{ READ, OWN_PAGE, BASE, 8, 0.30 },
	{ READ, SORTED, BASE, 8, 0.20 },
	{ READ, SHUFFLED, BASE, 8, 0.20 },
};

double goal_of_line(const struct line *line)
{
	const struct work *work = &line->work;

	if (line->table != TRANSFERS && line->table != BATCHES)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(goals); i++) {
		if (goals[i].direction == work->direction && goals[i].layout == work->layout &&
		    goals[i].pages == work->area->pages && goals[i].length == work->length)
			return goals[i].ratio;
	}
	return 0;
}

double goal_of_scaling(const struct scaling *scaling)
{
	return scaling->way == WAY_FILE ? SCALING : 0;
}

bool goal_is_slower(const struct line *line, enum way_id way)
{
	return ways[way].kind == KIND_MEMRW && line_ratio(line, way) > NOT_SLOWER;
}
