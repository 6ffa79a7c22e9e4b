// SPDX-License-Identifier: LGPL-2.1-or-later
/* A scan: its passes, and the way back. */
#include "scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * Steps
 */

static void drop_oldest(struct memrw_scan *scan)
{
	mrw_set_put(scan->steps[0]);
	scan->step_count--;
	memmove(&scan->steps[0], &scan->steps[1], scan->step_count * sizeof(*scan->steps));
}

void mrw_scan_trim(struct memrw_scan *scan)
{
	while (scan->step_count > scan->steps_kept &&
	       mrw_sets_memory(scan->steps, scan->step_count) > scan->steps_memory)
		drop_oldest(scan);
}

int mrw_scan_advance(struct memrw_scan *scan, struct mrw_set *set)
{
	struct mrw_set **steps;

	if (scan->current) {
		steps = reallocarray(scan->steps, scan->step_count + 1, sizeof(*steps));
		if (!steps) {
			mrw_set_put(set);
			return -1;
		}
		scan->steps = steps;
		steps[scan->step_count++] = scan->current;
	}
	scan->current = set;
	scan->shape = set->shape;
	mrw_scan_trim(scan);
	return 0;
}

unsigned int memrw_scan_undo_steps(const struct memrw_scan *scan)
{
	return scan->step_count;
}

int memrw_scan_undo(struct memrw_scan *scan)
{
	if (!scan->step_count)
		return fail(ENOENT);
	mrw_set_put(scan->current);
	scan->current = scan->steps[--scan->step_count];
	return 0;
}

/*
 * Passes
 */

static int run_query(struct memrw_scan *scan, const struct mrw_query *query,
		     const struct mrw_set *snapshot)
{
	struct mrw_areas areas;
	struct mrw_work work = {
		.target = scan->target,
		.query = query,
		.areas = &areas,
		.snapshot = snapshot,
	};
	struct mrw_set *set;

	if (mrw_areas_load(&areas, scan->target, scan->filter) < 0)
		return -1;
	set = mrw_pass_run(&work, scan->current, scan->threads, &scan->report);
	mrw_areas_clear(&areas);
	return set ? mrw_scan_advance(scan, set) : -1;
}

static int run_condition(struct memrw_scan *scan,
			 const struct memrw_scan_condition *condition,
			 const struct mrw_areas *pointees)
{
	const struct mrw_set *snapshot = NULL;
	struct mrw_query query;
	int status;

	if (mrw_query_init(&query, &scan->shape, &scan->leeway, condition,
			   pointees->ranges, pointees->range_count) < 0)
		return -1;
	if (condition->snapshot)
		snapshot = mrw_scan_find_saved(scan, condition->snapshot);
	if ((query.needs_then && !scan->current) ||
	    (condition->snapshot && !query.needs_then))
		status = fail(EINVAL);
	else if (condition->snapshot && !snapshot)
		status = fail(ENOENT);
	else
		status = run_query(scan, &query, snapshot);
	mrw_query_clear(&query);
	return status;
}

int memrw_scan_run(struct memrw_scan *scan, const struct memrw_scan_condition *condition)
{
	struct memrw_scan_condition whole = { 0 };
	struct mrw_areas pointees = { 0 };
	int status;

	if (condition->size < sizeof(condition->size) + sizeof(condition->op))
		return fail(EINVAL);
	memcpy(&whole, condition,
	       condition->size < sizeof(whole) ? condition->size : sizeof(whole));
	if (whole.op == MEMRW_SCAN_POINTS_INTO &&
	    mrw_areas_load(&pointees, scan->target, whole.pointees) < 0)
		return -1;
	status = run_condition(scan, &whole, &pointees);
	mrw_areas_clear(&pointees);
	return status;
}

bool memrw_scan_started(const struct memrw_scan *scan)
{
	return scan->current;
}

uint64_t memrw_scan_count(const struct memrw_scan *scan)
{
	return scan->current ? scan->current->count : 0;
}

/* A snapshot may be one of the steps. */
static size_t add_set(struct mrw_set **sets, size_t count, struct mrw_set *set)
{
	for (size_t i = 0; i < count; i++)
		if (sets[i] == set)
			return count;
	sets[count] = set;
	return count + 1;
}

size_t memrw_scan_memory(const struct memrw_scan *scan)
{
	struct mrw_set **sets;
	size_t count = 0, sum;

	if (!scan->current)
		return 0;
	sets = reallocarray(NULL, scan->step_count + scan->saved_count + 1, sizeof(*sets));
	if (!sets)
		return mrw_sets_memory(&scan->current, 1);
	count = add_set(sets, count, scan->current);
	for (size_t i = 0; i < scan->step_count; i++)
		count = add_set(sets, count, scan->steps[i]);
	for (size_t i = 0; i < scan->saved_count; i++)
		count = add_set(sets, count, scan->saved[i].set);
	sum = mrw_sets_memory(sets, count);
	free(sets);
	return sum;
}
