/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What looks like a pointer in a target's memory, and the chains of those that
 * lead to an address: pure functions.  Inside the library only.
 */
#ifndef MRW_POINTER_TABLE_H
#define MRW_POINTER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

#define MRW_POINTER_DEPTH_MAX	MEMRW_POINTERS_DEPTH_MAX

/** struct mrw_pointer - a value that is an address, and where it is */
struct mrw_pointer {
	uint64_t value;
	uint64_t location;
};

/** struct mrw_pointer_table - of one target */
struct mrw_pointer_table {
	struct mrw_pointer *pointers;
	size_t count;
	size_t room;
};

/** mrw_pointer_table_add() - one more; 0, or -1 with ENOMEM */
int mrw_pointer_table_add(struct mrw_pointer_table *table, uint64_t value,
			  uint64_t location);

/**
 * mrw_pointer_table_sort() - by value; what has the same one stays in order
 *
 * Return: 0, or -1 with ENOMEM.
 */
int mrw_pointer_table_sort(struct mrw_pointer_table *table);

/** mrw_pointer_table_clear() - free what it holds */
void mrw_pointer_table_clear(struct mrw_pointer_table *table);

/**
 * struct mrw_pointer_search - chains that are looked for
 * @address: where they are to end
 * @max_offset: the most that is added to a pointer
 * @depth: the most pointers in a chain, up to MRW_POINTER_DEPTH_MAX
 * @limit: the most chains
 * @is_static: may a chain begin at that location
 * @found: a chain: the location that it begins at, and what is added to each
 *	of its pointers: 0, or -1 with errno, which ends the search
 * @data: for these
 */
struct mrw_pointer_search {
	uint64_t address;
	uint64_t max_offset;
	unsigned int depth;
	size_t limit;
	bool (*is_static)(void *data, uint64_t location);
	int (*found)(void *data, uint64_t start, const uint64_t *offsets,
		     unsigned int count);
	void *data;
};

/**
 * mrw_pointer_search_run() - find the chains, the shortest first
 * @table: sorted
 *
 * A chain begins at a static location, has no other one, and none twice.
 *
 * Return: 1 if those are all, 0 if there are more than @limit or it would take
 * too long to tell, -1 with errno.
 */
int mrw_pointer_search_run(const struct mrw_pointer_table *table,
			   const struct mrw_pointer_search *search);

#endif /* MRW_POINTER_TABLE_H */
