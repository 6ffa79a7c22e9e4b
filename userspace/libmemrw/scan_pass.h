/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pass: pieces of memory, shared out among threads. */
#ifndef MRW_SCAN_PASS_H
#define MRW_SCAN_PASS_H

#include "scan_work.h"

/* struct mrw_report - how the caller is told how far a pass is */
struct mrw_report {
	memrw_scan_progress_fn progress;
	void *data;
	unsigned int interval_ms;
};

/*
 * Run a pass: over the matches of @old, or, where that is NULL, over all that
 * is wanted of @work->areas.  @threads: 0: as many as there are CPUs allowed.
 * NULL: nothing was found out, with errno.
 */
struct mrw_set *mrw_pass_run(const struct mrw_work *work, const struct mrw_set *old,
			     unsigned int threads, const struct mrw_report *report);

#endif
