// SPDX-License-Identifier: LGPL-2.1-or-later
/* A scan: its life and its settings; scan_run.c has the passes. */
#include "scan.h"
#include "region_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HOST_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

#define STEPS_KEPT	1
#define STEPS_MEMORY	((size_t)64 << 20)
#define INTERVAL_MS	100

static int fail(int error)
{
	errno = error;
	return -1;
}

struct memrw_scan *memrw_scan_open(struct memrw_target *target)
{
	struct memrw_scan *scan = calloc(1, sizeof(*scan));

	if (!scan)
		return NULL;
	scan->target = target;
	scan->steps_kept = STEPS_KEPT;
	scan->steps_memory = STEPS_MEMORY;
	scan->report.interval_ms = INTERVAL_MS;
	mrw_shape_init(&scan->shape, MEMRW_SCAN_TYPE(MEMRW_TYPE_I32), 0, HOST_BIG_ENDIAN);
	return scan;
}

void memrw_scan_reset(struct memrw_scan *scan)
{
	mrw_set_put(scan->current);
	scan->current = NULL;
	for (size_t i = 0; i < scan->step_count; i++)
		mrw_set_put(scan->steps[i]);
	free(scan->steps);
	scan->steps = NULL;
	scan->step_count = 0;
	mrw_scan_drop_saved(scan);
	mrw_shape_init(&scan->shape, scan->shape.types, scan->alignment,
		       scan->shape.big_endian);
}

void memrw_scan_close(struct memrw_scan *scan)
{
	int saved = errno;

	if (!scan)
		return;
	memrw_scan_reset(scan);
	memrw_region_filter_close(scan->filter);
	free(scan);
	errno = saved;
}

/*
 * What is searched for
 */

static int reshape(struct memrw_scan *scan, unsigned int types,
		   unsigned int alignment, bool big_endian)
{
	if (scan->current)
		return fail(EBUSY);
	scan->alignment = alignment;
	mrw_shape_init(&scan->shape, types, alignment, big_endian);
	return 0;
}

/* One, or several of those that have digits. */
static bool types_valid(unsigned int types)
{
	const unsigned int numbers = MEMRW_SCAN_ANY_NUMBER;
	const unsigned int all = numbers | MEMRW_SCAN_TYPE(MEMRW_TYPE_PTR) | MRW_TYPES_TEXT;

	if (!types || types & ~all)
		return false;
	return !(types & (types - 1)) || !(types & ~numbers);
}

int memrw_scan_set_types(struct memrw_scan *scan, unsigned int types)
{
	if (!types_valid(types))
		return fail(EINVAL);
	return reshape(scan, types, scan->alignment, scan->shape.big_endian);
}

unsigned int memrw_scan_types(const struct memrw_scan *scan)
{
	return scan->shape.types;
}

bool memrw_scan_big_endian(const struct memrw_scan *scan)
{
	return scan->shape.big_endian;
}

int memrw_scan_set_big_endian(struct memrw_scan *scan, bool big)
{
	return reshape(scan, scan->shape.types, scan->alignment, big);
}

unsigned int memrw_scan_alignment(const struct memrw_scan *scan)
{
	return scan->alignment;
}

int memrw_scan_set_alignment(struct memrw_scan *scan, unsigned int alignment)
{
	if (alignment & (alignment - 1) || alignment > MRW_BLOCK)
		return fail(EINVAL);
	return reshape(scan, scan->shape.types, alignment, scan->shape.big_endian);
}

int memrw_scan_set_fold_case(struct memrw_scan *scan, bool fold)
{
	if (scan->current)
		return fail(EBUSY);
	scan->leeway.fold_case = fold;
	return 0;
}

int memrw_scan_set_filter(struct memrw_scan *scan,
			  const struct memrw_region_filter *filter)
{
	struct memrw_region_filter *copy = NULL;

	if (scan->current)
		return fail(EBUSY);
	if (filter) {
		copy = mrw_region_filter_copy(filter);
		if (!copy)
			return -1;
	}
	memrw_region_filter_close(scan->filter);
	scan->filter = copy;
	return 0;
}

int memrw_scan_types_parse(const char *name, unsigned int *types)
{
	static const struct {
		const char *name;
		unsigned int types;
	} groups[] = {
		{ "int", MEMRW_SCAN_ANY_INT },
		{ "number", MEMRW_SCAN_ANY_NUMBER },
		{ "str16", MEMRW_SCAN_STR16 },
		{ "bytes", MEMRW_SCAN_BYTES },
	};
	enum memrw_type type;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (strcmp(name, groups[i].name) == 0) {
			*types = groups[i].types;
			return 0;
		}
	}
	if (memrw_type_parse(name, &type) < 0)
		return -1;
	*types = MEMRW_SCAN_TYPE(type);
	return 0;
}

/*
 * How it is searched for
 */

int memrw_scan_set_rounding(struct memrw_scan *scan, enum memrw_scan_rounding rounding)
{
	if ((unsigned int)rounding > MEMRW_SCAN_TRUNCATED)
		return fail(EINVAL);
	scan->leeway.rounding = rounding;
	return 0;
}

int memrw_scan_set_tolerance(struct memrw_scan *scan, double tolerance)
{
	/* Written so that a NaN is refused, too. */
	if (!(tolerance >= 0))
		return fail(EINVAL);
	scan->leeway.tolerance = tolerance;
	return 0;
}

int memrw_scan_set_threads(struct memrw_scan *scan, unsigned int threads)
{
	scan->threads = threads;
	return 0;
}

int memrw_scan_set_undo(struct memrw_scan *scan, unsigned int steps, size_t bytes)
{
	scan->steps_kept = steps;
	scan->steps_memory = bytes;
	mrw_scan_trim(scan);
	return 0;
}

int memrw_scan_set_progress(struct memrw_scan *scan, memrw_scan_progress_fn progress,
			    void *data, unsigned int interval_ms)
{
	if (!interval_ms)
		return fail(EINVAL);
	scan->report = (struct mrw_report){ progress, data, interval_ms };
	return 0;
}
