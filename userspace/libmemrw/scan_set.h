/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All matches at one time: chunks by rising address. */
#ifndef MRW_SCAN_SET_H
#define MRW_SCAN_SET_H

#include "scan_chunk.h"

/* struct mrw_chunk_list - chunks that are being gathered */
struct mrw_chunk_list {
	struct mrw_chunk **chunks;
	size_t count;
	size_t room;
};

/* The list takes the chunk over, also on failure. */
int mrw_chunk_list_add(struct mrw_chunk_list *list, struct mrw_chunk *chunk);
void mrw_chunk_list_clear(struct mrw_chunk_list *list);

/*
 * struct mrw_set - matches, which do not change any more
 * @references: from the scan, its steps, snapshots and walks
 * @shape: of the matches
 * @list: the chunks
 * @count: matches
 */
struct mrw_set {
	unsigned int references;
	struct mrw_shape shape;
	struct mrw_chunk_list list;
	uint64_t count;
};

/* Of the chunks of the lists, one after another, which are empty then. */
struct mrw_set *mrw_set_make(const struct mrw_shape *shape,
			     struct mrw_chunk_list *lists, size_t count);
struct mrw_set *mrw_set_get(struct mrw_set *set);
void mrw_set_put(struct mrw_set *set);

/* The index of the first chunk that may have matches at or behind an address. */
size_t mrw_set_find(const struct mrw_set *set, uint64_t address);

/* Bytes of the sets; a chunk of several counts once. */
size_t mrw_sets_memory(struct mrw_set *const *sets, size_t count);

#endif
