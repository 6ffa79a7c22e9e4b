/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A query, asked of a block.  Pure functions over buffers. */
#ifndef MRW_SCAN_SELECT_H
#define MRW_SCAN_SELECT_H

#include "scan_chunk.h"
#include "scan_query.h"

/*
 * Which of the places of a block does the query keep?
 * @length: bytes from the block's first on that there are, or more than values
 *	in it reach; a few behind them may be looked at
 * @then: what was there before, for a query that needs it
 * @among: of these places; NULL: of all
 * @kept: out; index not set
 * Returns whether there are any; if not, @kept is undefined.
 */
bool mrw_select(const struct mrw_query *query, const uint8_t *block, size_t length,
		const uint8_t *then, const struct mrw_matches *among,
		struct mrw_matches *kept);

/* Without the places that begin before an offset; false if none is left. */
bool mrw_matches_clip(struct mrw_matches *matches, const struct mrw_shape *shape,
		      size_t offset);

#endif
