/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A condition, made ready to be asked of memory. */
#ifndef MRW_SCAN_QUERY_H
#define MRW_SCAN_QUERY_H

#include "scan_pattern.h"
#include "scan_term.h"

#define MRW_TYPES_MAX	(MEMRW_TYPE_PTR + 1)
#define MRW_TYPES_TEXT	(MEMRW_SCAN_STR | MEMRW_SCAN_STR16 | MEMRW_SCAN_BYTES)

/*
 * struct mrw_shape - what the matches of a scan are
 * @types: MEMRW_SCAN_* that they may be
 * @width: bytes of a value; 0: not known before the first pass
 * @step: addresses that are multiples of this are looked at
 * @natural: of them, for each type the multiples of its size
 * @big_endian: the byte order
 */
struct mrw_shape {
	unsigned int types;
	unsigned int width;
	unsigned int step;
	bool natural;
	bool big_endian;
};

/* From the settings; @alignment 0: natural. */
void mrw_shape_init(struct mrw_shape *shape, unsigned int types,
		    unsigned int alignment, bool big_endian);

/* Bytes between two values of this type that are looked at. */
unsigned int mrw_shape_stride(const struct mrw_shape *shape, unsigned int size);

/* struct mrw_leeway - which floating-point numbers are equal */
struct mrw_leeway {
	enum memrw_scan_rounding rounding;
	double tolerance;
	bool fold_case;
};

/*
 * struct mrw_query - what a pass is to keep
 * @shape: of the matches
 * @terms: for each type that can match at all
 * @term_count: of them
 * @pattern: of a string or bytes, if @has_pattern
 * @same: of those: what it was
 * @invert: what is not so
 * @needs_then: is it about what was there before?
 */
struct mrw_query {
	struct mrw_shape shape;
	struct mrw_term terms[MRW_TYPES_MAX];
	size_t term_count;
	struct mrw_pattern pattern;
	bool has_pattern;
	bool same;
	bool invert;
	bool needs_then;
};

/*
 * The condition for matches of a shape, whose width it sets where that is 0;
 * errno as of memrw_scan_run().  @ranges are those that are pointed into.
 */
int mrw_query_init(struct mrw_query *query, const struct mrw_shape *shape,
		   const struct mrw_leeway *leeway,
		   const struct memrw_scan_condition *condition,
		   const struct mrw_range *ranges, size_t range_count);
void mrw_query_clear(struct mrw_query *query);

#endif
