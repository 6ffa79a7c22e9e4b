// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <inttypes.h>

#include "goal.h"

#define COLUMN	12
#define RATIO	8
#define VERSUS	13

/* Wide enough for what is in the first column of that table. */
static int label(enum table table)
{
	return table == BATCHES ? 20 : 8;
}

static void print_length(FILE *out, size_t length)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB" };
	char text[32];
	size_t i = 0;

	for (; length >= 1024 && i < 3; i++)
		length /= 1024;
	snprintf(text, sizeof(text), "%zu %s", length, units[i]);
	fprintf(out, "%-*s", label(TRANSFERS), text);
}

static void print_verdict(FILE *out, double ratio, double goal, bool reached)
{
	fprintf(out, "%*.2f", VERSUS, ratio);
	if (goal)
		fprintf(out, "%8.2f %s", goal, reached ? "reached" : "missed");
}

static void print_head(FILE *out, const struct line *line, bool growing, bool goals)
{
	fprintf(out, "%-*s", label(line->table), "");
	for (enum way_id way = 0; way < WAYS; way++) {
		if (line_has(line, way))
			fprintf(out, "%*s", COLUMN, ways[way].title);
	}
	if (growing)
		fprintf(out, "%*s\n", RATIO, "/first");
	else
		fprintf(out, "%*s%*s%s\n", RATIO, "/best", VERSUS, "/process_vm",
			goals ? "    goal" : "");
}

static void print_ratios(FILE *out, const struct line *line, const struct pace *pace)
{
	enum way_id way = line_subject(line);
	double ratio = line_ratio_to_process_vm(line, way);
	double goal = pace->repeats ? goal_of_line(line) : 0;

	fprintf(out, "%*.2f", RATIO, line_ratio(line, way));
	print_verdict(out, ratio, goal, ratio <= goal);
	fputc('\n', out);
}

/* Ways that only the @first line of the block can be done in have a column, too. */
static void print_costs(FILE *out, const struct line *line, const struct line *first)
{
	double units = line_units(line);
	int digits = line->table == TRANSFERS ? 0 : line->table == BYTES ? 4 : 1;

	for (enum way_id way = 0; way < WAYS; way++) {
		if (line->cost[way])
			fprintf(out, "%*.*f", COLUMN, digits, line->cost[way] / units);
		else if (line_has(first, way))
			fprintf(out, "%*s", COLUMN, "");
	}
}

static void print_compared(FILE *out, const struct line *line, const struct line *first,
			   const struct pace *pace)
{
	if (line->table == TRANSFERS)
		print_length(out, line->work.length);
	else
		fprintf(out, "%-*s", label(BATCHES), layout_names[line->work.layout]);
	print_costs(out, line, first);
	print_ratios(out, line, pace);
}

/* Of memrw alone: the last column is what a unit costs beside the shortest's. */
static void print_growing(FILE *out, const struct line *line, const struct line *first)
{
	enum way_id way = line_subject(line);

	if (line->table == BYTES)
		print_length(out, line->work.length);
	else
		fprintf(out, "%-*zu", label(SEGMENTS), line->work.segments);
	print_costs(out, line, first);
	fprintf(out, "%*.2f\n", RATIO,
		line->cost[way] / line_units(line) / (first->cost[way] / line_units(first)));
}

static bool in_one_block(const struct line *a, const struct line *b)
{
	return a->table == b->table && a->work.direction == b->work.direction &&
	       a->work.area == b->work.area;
}

static void print_title(FILE *out, const struct line *line, const struct pace *pace)
{
	const char *direction = direction_names[line->work.direction];
	const char *pages = pages_names[line->work.area->pages];

	fputc('\n', out);
	if (line->table == TRANSFERS)
		fprintf(out, "%s, %s pages: %s per call\n", direction, pages, pace->unit);
	else if (line->table == BATCHES)
		fprintf(out, "%s, %zu segments of 8 B in one call: %s per segment\n", direction,
			line->work.segments, pace->unit);
	else if (line->table == BYTES)
		fprintf(out, "%s, longer and longer: %s per byte\n", direction, pace->unit);
	else
		fprintf(out, "%s, more and more segments of 8 B, own pages: %s per segment\n",
			direction, pace->unit);
}

static void print_line(FILE *out, const struct line *line, const struct line *first,
		       const struct pace *pace)
{
	bool growing = line->table == BYTES || line->table == SEGMENTS;

	if (line == first) {
		print_title(out, line, pace);
		print_head(out, line, growing, pace->repeats);
	}
	if (growing)
		print_growing(out, line, first);
	else
		print_compared(out, line, first, pace);
}

static void print_window(FILE *out, const struct window_row *row)
{
	double ratio = window_ratio(row);

	fprintf(out, "%-32s%-28s%12.1f%12.1f", row->what, row->beside, row->cost, row->other);
	print_verdict(out, ratio, row->goal, ratio <= row->goal);
	fputc('\n', out);
}

static void print_windows(FILE *out, const struct suite *suite)
{
	fprintf(out, "\nwindows, base pages: %s\n%-32s%-28s%12s%12s%*s    goal\n",
		suite->pace->unit, "through a window", "beside", "window", "other", VERSUS, "/other");
	for (size_t i = 0; i < WINDOW_ROWS; i++)
		print_window(out, &suite->windows[i]);
}

static void print_watch(FILE *out, const struct watch_table *table, enum watcher watcher)
{
	const struct watch_row *row = &table->rows[watcher];

	fprintf(out, "%-32s%12lu%12lu%12.1f%*.2f\n", row->who, row->stores, row->hits, row->cost,
		VERSUS, watch_ratio(table, watcher));
}

static void print_rate(FILE *out, const struct watch_rate *rate)
{
	fprintf(out, "%-32s%12lu%12lu%12.0f%12.0f\n", rate->who, rate->stores,
		rate->hits, rate->per_second, rate->free_per_second);
}

static void print_rates(FILE *out, const struct watch_table *table)
{
	fprintf(out, "\nwatches, two processors: hits per second\n%-32s%12s%12s%12s%12s\n",
		"who watches", "stores", "told of", "flat out", "none lost");
	for (size_t i = 0; i < WATCH_RATES && table->rates[i].who; i++)
		print_rate(out, &table->rates[i]);
}

void text_print_watches(FILE *out, const struct suite *suite)
{
	const struct watch_table *table = &suite->watches;

	if (!table->rows[NOBODY].cost)
		return;
	fprintf(out, "\nwatches: %s of the target's per store\n%-32s%12s%12s%12s%*s\n",
		suite->pace->unit, "who watches", "stores", "told of", "a store", VERSUS,
		"/each ms");
	for (enum watcher watcher = 0; watcher < WATCHERS; watcher++) {
		if (table->rows[watcher].cost)
			print_watch(out, table, watcher);
	}
	fprintf(out, "read(2) of a hit: %.1f; a target is woken and sleeps: %.1f, while watched: %.1f\n",
		table->read, table->wake, table->wake_watched);
	if (!suite->pace->repeats)
		print_rates(out, table);
}

static void print_scaling(FILE *out, const struct scaling *scaling)
{
	double ratio = scaling_ratio(scaling), goal = goal_of_scaling(scaling);

	print_length(out, scaling->length);
	fprintf(out, "%-20s%12.0f%12.0f", ways[scaling->way].names[READ], scaling->one,
		scaling->two);
	print_verdict(out, ratio, goal, ratio >= goal);
	fputc('\n', out);
}

static void print_scalings(FILE *out, const struct suite *suite)
{
	fprintf(out, "\nread, base pages, two threads on two processors: calls per second\n"
		     "%-*s%-20s%12s%12s%*s    goal\n", label(TRANSFERS), "", "", "one", "two", VERSUS, "two/one");
	for (size_t i = 0; i < SCALINGS; i++)
		print_scaling(out, &suite->scaling[i]);
}

static void print_agreement(FILE *out, const struct suite *suite)
{
	fprintf(out, "\n%u rounds: of each figure, two %s within %.2f %%\n", suite->rounds,
		suite->agree ? "agree" : "agree only", suite_difference(suite) * 100);
}

static void print_slower(FILE *out, const struct line *line)
{
	for (enum way_id way = 0; way < WAYS; way++) {
		if (goal_is_slower(line, way))
			fprintf(out, "%s of %zu x %zu bytes, %s pages, needs more than %s\n",
				ways[way].names[line->work.direction], line->work.segments,
				line->work.length, pages_names[line->work.area->pages],
				ways[line_best_existing(line)].names[line->work.direction]);
	}
}

void text_print(FILE *out, const struct suite *suite)
{
	const struct line *first = NULL;

	for (size_t i = 0; i < suite->count; i++) {
		const struct line *line = &suite->lines[i];

		if (!first || !in_one_block(first, line))
			first = line;
		print_line(out, line, first, suite->pace);
	}
	print_windows(out, suite);
	text_print_watches(out, suite);
	if (!suite->pace->repeats)
		print_scalings(out, suite);
	print_agreement(out, suite);
	for (size_t i = 0; suite->pace->repeats && i < suite->count; i++)
		print_slower(out, &suite->lines[i]);
}
