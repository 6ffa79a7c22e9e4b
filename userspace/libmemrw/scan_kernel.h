/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The loops of a scan that see every byte.  Pure functions over buffers.
 */
#ifndef MRW_SCAN_KERNEL_H
#define MRW_SCAN_KERNEL_H

#include "scan_pattern.h"
#include "scan_term.h"

/* Words of a bitmap of @positions. */
#define MRW_WORDS(positions) (((positions) + 63) / 64)

static inline bool mrw_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/*
 * Which of the values that begin at now, now + step, ... pass the term: as bits
 * of a bitmap, the bits behind the last of which are 0.  @then, what was there
 * before, is for the tests that need it.  No byte behind the last value is
 * touched.  Returns whether any passes; if none does, @bits is all 0.
 */
bool mrw_kernel_values(const struct mrw_term *term, const uint8_t *now,
		       const uint8_t *then, size_t positions, unsigned int step,
		       uint64_t *bits);

/* Likewise, of a pattern, at every multiple of @step. */
bool mrw_kernel_pattern(const struct mrw_pattern *pattern, const uint8_t *now,
			size_t positions, unsigned int step, uint64_t *bits);

/* Likewise: which of the values of @size bytes are what they were. */
bool mrw_kernel_same(const uint8_t *now, const uint8_t *then, size_t size,
		     size_t positions, unsigned int step, uint64_t *bits);

/*
 * struct mrw_search - is there any match in so many groups of 64 positions?
 * The parts that are worth having for one kind of processor: each returns
 * false only where no value of the groups matches.
 */
struct mrw_search {
	bool (*range)(const struct mrw_term *term, const uint8_t *now, size_t groups,
		      unsigned int step);
	bool (*pattern)(const struct mrw_pattern *pattern, const uint8_t *now,
			size_t groups);
};

/* Bytes of which all positions are searched at once; a power of two. */
#define MRW_MANY 2048

/* The search that is in use. */
const struct mrw_search *mrw_kernel_search(void);

/*
 * The search of the machine, or, so that tests see it too, that of any
 * machine.
 */
void mrw_kernel_portable(bool portable);

/* scan_search.h, compiled for each kind. */
extern const struct mrw_search mrw_search_portable;
extern const struct mrw_search mrw_search_avx2;

#endif
