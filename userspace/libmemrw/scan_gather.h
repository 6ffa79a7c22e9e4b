/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the memory of matches, and no more than is near them. */
#ifndef MRW_SCAN_GATHER_H
#define MRW_SCAN_GATHER_H

#include "scan_reader.h"

/* All values of a chunk; @scratch is for the function's own use. */
int mrw_gather(struct mrw_reader *reader, const struct mrw_shape *shape,
	       const struct mrw_chunk *chunk, struct mrw_matches *scratch);

/*
 * How many bytes there are from a block on in the reader's buffer, up to what
 * could not be read; 0 if the block's first match could not.
 */
size_t mrw_gathered(const struct mrw_reader *reader, const struct mrw_shape *shape,
		    const struct mrw_matches *matches);

#endif
