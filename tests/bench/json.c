// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <jansson.h>
#include <sys/utsname.h>

#include "goal.h"

/* One value for each way, by their titles, where there is a cost. */
static json_t *by_way(const struct line *line, const double values[WAYS])
{
	json_t *object = json_object();

	for (enum way_id way = 0; way < WAYS; way++) {
		if (line->cost[way])
			json_object_set_new(object, ways[way].title, json_real(values[way]));
	}
	return object;
}

/* Where a goal is set. */
static void set_verdict(json_t *object, double goal, bool reached)
{
	if (!goal)
		return;
	json_object_set_new(object, "goal", json_real(goal));
	json_object_set_new(object, "reached", json_boolean(reached));
}

static json_t *line_object(const struct line *line, const struct pace *pace)
{
	double goal = pace->repeats ? goal_of_line(line) : 0;
	double ratio = line_ratio_to_process_vm(line, line_subject(line));
	json_t *object;

	object = json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:o,s:o}",
			   "table", table_names[line->table],
			   "direction", direction_names[line->work.direction],
			   "pages", pages_names[line->work.area->pages],
			   "layout", layout_names[line->work.layout],
			   "length", (json_int_t)line->work.length,
			   "segments", (json_int_t)line->work.segments,
			   "costs", by_way(line, line->cost),
			   "differences", by_way(line, line->difference));
	if (!ratio)
		return object;
	json_object_set_new(object, "ratio_to_best",
			    json_real(line_ratio(line, line_subject(line))));
	json_object_set_new(object, "ratio_to_process_vm", json_real(ratio));
	set_verdict(object, goal, ratio <= goal);
	return object;
}

static json_t *scaling_object(const struct scaling *scaling)
{
	double ratio = scaling_ratio(scaling), goal = goal_of_scaling(scaling);
	json_t *object;

	object = json_pack("{s:s,s:I,s:f,s:f,s:f}", "way", ways[scaling->way].title,
			   "length", (json_int_t)scaling->length, "one", scaling->one,
			   "two", scaling->two, "ratio", ratio);
	set_verdict(object, goal, ratio >= goal);
	return object;
}

static json_t *window_object(const struct window_row *row)
{
	json_t *object;

	object = json_pack("{s:s,s:s,s:f,s:f,s:f}", "what", row->what, "beside", row->beside,
			   "window", row->cost, "other", row->other, "ratio", window_ratio(row));
	set_verdict(object, row->goal, window_ratio(row) <= row->goal);
	return object;
}

static json_t *window_array(const struct suite *suite)
{
	json_t *array = json_array();

	for (size_t i = 0; i < WINDOW_ROWS; i++)
		json_array_append_new(array, window_object(&suite->windows[i]));
	return array;
}

static json_t *watch_array(const struct watch_table *table)
{
	json_t *array = json_array();

	for (enum watcher watcher = 0; watcher < WATCHERS; watcher++) {
		const struct watch_row *row = &table->rows[watcher];

		if (!row->cost)
			continue;
		json_array_append_new(array,
				      json_pack("{s:s,s:I,s:I,s:f,s:f}", "who", row->who,
						"stores", (json_int_t)row->stores,
						"hits", (json_int_t)row->hits, "cost", row->cost,
						"ratio", watch_ratio(table, watcher)));
	}
	return array;
}

static json_t *rate_array(const struct watch_table *table)
{
	json_t *array = json_array();

	for (size_t i = 0; i < WATCH_RATES && table->rates[i].who; i++) {
		const struct watch_rate *rate = &table->rates[i];

		json_array_append_new(array,
				      json_pack("{s:s,s:I,s:I,s:f,s:f}", "who", rate->who,
						"stores", (json_int_t)rate->stores,
						"hits", (json_int_t)rate->hits,
						"per_second", rate->per_second,
						"none_lost", rate->free_per_second));
	}
	return array;
}

static json_t *watch_object(const struct watch_table *table)
{
	return json_pack("{s:o,s:f,s:f,s:f,s:o}", "rows", watch_array(table),
			 "read", table->read, "wake", table->wake,
			 "wake_watched", table->wake_watched, "rates", rate_array(table));
}

static json_t *line_array(const struct suite *suite)
{
	json_t *array = json_array();

	for (size_t i = 0; i < suite->count; i++)
		json_array_append_new(array, line_object(&suite->lines[i], suite->pace));
	return array;
}

static json_t *scaling_array(const struct suite *suite)
{
	json_t *array = json_array();

	for (size_t i = 0; !suite->pace->repeats && i < SCALINGS; i++)
		json_array_append_new(array, scaling_object(&suite->scaling[i]));
	return array;
}

bool json_print(FILE *out, const struct suite *suite)
{
	struct utsname kernel;
	json_t *root;
	int status;

	uname(&kernel);
	root = json_pack("{s:s,s:s,s:s,s:i,s:b,s:o,s:o,s:o,s:o}", "unit", suite->pace->unit,
			 "kernel", kernel.release, "machine", kernel.machine,
			 "rounds", (int)suite->rounds, "agree", (int)suite->agree,
			 "lines", line_array(suite),
			 "windows", window_array(suite),
			 "watches", watch_object(&suite->watches), "scaling", scaling_array(suite));
	if (!root)
		return false;
	status = json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(8));
	json_decref(root);
	return !status && fputc('\n', out) != EOF && !fflush(out);
}
