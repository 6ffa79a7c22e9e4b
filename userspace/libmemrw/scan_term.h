/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a value of one type must be for a scan to keep it. */
#ifndef MRW_SCAN_TERM_H
#define MRW_SCAN_TERM_H

#include "memrw.h"

/*
 * enum mrw_test - how a value, and what it was, are looked at
 * @MRW_TEST_ALL: not at all
 * @MRW_TEST_RANGE: it is in low to low + span (@floor to @ceiling)
 * @MRW_TEST_SAME: it is what it was
 * @MRW_TEST_MORE: it is greater
 * @MRW_TEST_BY: it is greater by low (by something in @floor to @ceiling, or
 *	by @step as the type has it)
 * @MRW_TEST_WITHIN: it is within one of @ranges
 */
enum mrw_test {
	MRW_TEST_ALL,
	MRW_TEST_RANGE,
	MRW_TEST_SAME,
	MRW_TEST_MORE,
	MRW_TEST_BY,
	MRW_TEST_WITHIN,
};

/* struct mrw_range - addresses, the end not included */
struct mrw_range {
	uint64_t start;
	uint64_t end;
};

/*
 * struct mrw_term - what a value of one type must be
 * @type: the type
 * @size: its bytes
 * @is_float: it is f32 or f64
 * @is_signed: it is a signed whole number
 * @swap: it is not in the machine's byte order
 * @invert: what does not pass is kept
 * @swap_roles: "what it was" is compared with "what it is": less for greater
 * @test: see there
 * @low: of a whole number; modulo 2 to the power of its bits
 * @span: likewise
 * @first: of one value: the place of a byte of it that few places in memory have
 * @second: of another one
 * @floor: of a floating-point number
 * @ceiling: likewise
 * @step: for MRW_TEST_BY
 * @tolerance: of MRW_TEST_SAME and MRW_TEST_MORE
 * @ranges: rising, apart
 * @range_count: of them
 */
struct mrw_term {
	enum memrw_type type;
	unsigned int size;
	bool is_float;
	bool is_signed;
	bool swap;
	bool invert;
	bool swap_roles;
	enum mrw_test test;
	uint64_t low;
	uint64_t span;
	unsigned int first;
	unsigned int second;
	double floor;
	double ceiling;
	double step;
	double tolerance;
	const struct mrw_range *ranges;
	size_t range_count;
};

/* Is an address in one of the ranges? */
bool mrw_ranges_hold(const struct mrw_range *ranges, size_t count, uint64_t address);

/* A term of the type that keeps everything. */
void mrw_term_init(struct mrw_term *term, enum memrw_type type, bool swap);

/* The least float that is not below, the greatest that is not above. */
float mrw_float_at_least(double bound);
float mrw_float_at_most(double bound);

/* The next double above, and the next one below; infinities stay. */
double mrw_double_above(double number);
double mrw_double_below(double number);

/* Of an integer's or a number's bits of one size, as the test compares them. */
uint64_t mrw_word_load(const void *bytes, unsigned int size, bool swap);

#endif
