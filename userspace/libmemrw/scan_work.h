/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one thread of a pass does, a piece of memory at a time. */
#ifndef MRW_SCAN_WORK_H
#define MRW_SCAN_WORK_H

#include "scan_reader.h"
#include "scan_select.h"
#include "scan_set.h"

/*
 * struct mrw_work - what all threads of a pass share, and none changes
 * @target: the target
 * @query: what is kept
 * @areas: what memory there is
 * @snapshot: "what it was"; NULL: the values of the matches themselves
 */
struct mrw_work {
	struct memrw_target *target;
	const struct mrw_query *query;
	const struct mrw_areas *areas;
	const struct mrw_set *snapshot;
};

/*
 * struct mrw_worker - one thread's own
 * @work: see there
 * @reader: what it reads with
 * @builder: what it writes with
 * @among: the matches of a block before
 * @kept: and after
 * @then: their values before: MRW_IMAGE bytes
 * @past: place in the snapshot
 * @past_chunk: likewise
 * @past_matches: likewise
 * @zeros: a chunk of nothing but zeros, once there was one
 * @knows_zeros: was there?
 */
struct mrw_worker {
	const struct mrw_work *work;
	struct mrw_reader reader;
	struct mrw_builder builder;
	struct mrw_matches among;
	struct mrw_matches kept;
	uint8_t *then;
	struct mrw_reading past;
	size_t past_chunk;
	struct mrw_matches past_matches;
	bool has_past;
	struct mrw_chunk *zeros;
	bool knows_zeros;
};

struct mrw_worker *mrw_worker_open(const struct mrw_work *work);
void mrw_worker_close(struct mrw_worker *worker);

/*
 * A first pass over @start to @end, which are of one chunk; values may reach
 * up to @limit.
 */
int mrw_worker_scan(struct mrw_worker *worker, uint64_t start, uint64_t end,
		    uint64_t limit, struct mrw_chunk_list *list);

/* A later pass over a chunk of matches. */
int mrw_worker_narrow(struct mrw_worker *worker, struct mrw_chunk *chunk,
		      struct mrw_chunk_list *list);

#endif
