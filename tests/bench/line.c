// SPDX-License-Identifier: GPL-2.0-only
#include "line.h"

#include <math.h>

const char *const table_names[TABLES] = {
	[TRANSFERS] = "transfers",
	[BATCHES] = "batches",
	[BYTES] = "bytes",
	[SEGMENTS] = "segments",
};

bool line_has(const struct line *line, enum way_id way)
{
	if (line->table == BYTES || line->table == SEGMENTS)
		return way == line_subject(line);
	return ways[way].can(&line->work);
}

double line_units(const struct line *line)
{
	switch (line->table) {
	case BATCHES:
	case SEGMENTS:
		return line->work.segments;
	case BYTES:
		return work_bytes(&line->work);
	default:
		return 1;
	}
}

/* Of the two rounds in a row that agree best, so far, the better one. */
static void add_round(struct line *line, enum way_id way, double cost)
{
	double last = line->last[way], difference = last ? fabs(cost / last - 1) : INFINITY;

	if (!last || difference < line->difference[way]) {
		line->cost[way] = last ? fmin(cost, last) : cost;
		line->difference[way] = difference;
	}
	line->last[way] = cost;
}

static bool agrees(const struct line *line, enum way_id way, const struct pace *pace)
{
	return line->cost[way] && line->difference[way] <= pace->tolerance;
}

bool line_measure(struct line *line, const struct pace *pace)
{
	bool all = true;

	for (enum way_id way = 0; way < WAYS; way++) {
		if (!line_has(line, way) || agrees(line, way, pace))
			continue;
		add_round(line, way, clock_measure(pace, &ways[way], &line->work));
		all &= agrees(line, way, pace);
	}
	return all;
}

enum way_id line_best_existing(const struct line *line)
{
	enum way_id best = WAYS;

	for (enum way_id way = 0; way < WAYS; way++) {
		if (ways[way].kind == KIND_EXISTING && line->cost[way] &&
		    (best == WAYS || line->cost[way] < line->cost[best]))
			best = way;
	}
	return best;
}

enum way_id line_subject(const struct line *line)
{
	return line->work.layout == ALONE ? WAY_FILE : WAY_BATCH;
}

double line_ratio(const struct line *line, enum way_id way)
{
	enum way_id best = line_best_existing(line);

	return best == WAYS ? 0 : line->cost[way] / line->cost[best];
}

double line_ratio_to_process_vm(const struct line *line, enum way_id way)
{
	double cost = line->cost[WAY_PROCESS_VM];

	return cost ? line->cost[way] / cost : 0;
}

double line_difference(const struct line *line)
{
	double greatest = 0;

	for (enum way_id way = 0; way < WAYS; way++)
		greatest = fmax(greatest, line->difference[way]);
	return greatest;
}
