/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a scan share. */
#ifndef MRW_SCAN_H
#define MRW_SCAN_H

#include "scan_pass.h"

/* struct mrw_saved - matches under a name */
struct mrw_saved {
	char *name;
	struct mrw_set *set;
};

/*
 * struct memrw_scan
 * @target: the target
 * @shape: of the matches; without them, as the settings have it
 * @alignment: as it was set
 * @leeway: of equality
 * @filter: of the first pass; NULL: none
 * @threads: 0: the CPUs allowed
 * @report: of progress
 * @current: the matches; NULL before the first pass
 * @steps: the matches before each pass, oldest first
 * @step_count: of them
 * @steps_kept: so many at any rate
 * @steps_memory: more of them, up to so many bytes
 * @saved: the snapshots, by name
 * @saved_count: of them
 */
struct memrw_scan {
	struct memrw_target *target;
	struct mrw_shape shape;
	unsigned int alignment;
	struct mrw_leeway leeway;
	struct memrw_region_filter *filter;
	unsigned int threads;
	struct mrw_report report;
	struct mrw_set *current;
	struct mrw_set **steps;
	size_t step_count;
	unsigned int steps_kept;
	size_t steps_memory;
	struct mrw_saved *saved;
	size_t saved_count;
};

/* The matches of a pass become those of the scan; the set is taken over. */
int mrw_scan_advance(struct memrw_scan *scan, struct mrw_set *set);

/* Forget steps that are too many. */
void mrw_scan_trim(struct memrw_scan *scan);

/* The matches of a snapshot; ENOENT. */
struct mrw_set *mrw_scan_find_saved(const struct memrw_scan *scan, const char *name);
void mrw_scan_drop_saved(struct memrw_scan *scan);

#endif
