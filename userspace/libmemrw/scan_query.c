// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_query.h"
#include "scan_operand.h"

#include <errno.h>
#include <string.h>

#define HOST_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

/* Types that can be pointers, of 64 bits or of 32. */
#define TYPES_POINTER (MEMRW_SCAN_TYPE(MEMRW_TYPE_PTR) |	\
		       MEMRW_SCAN_TYPE(MEMRW_TYPE_U64) |	\
		       MEMRW_SCAN_TYPE(MEMRW_TYPE_U32))

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * Shapes
 */

static void measure(unsigned int types, unsigned int *least, unsigned int *most)
{
	*least = *most = 0;
	for (unsigned int type = 0; type < MRW_TYPES_MAX; type++) {
		unsigned int size = memrw_type_size(type);

		if (!(types & MEMRW_SCAN_TYPE(type)))
			continue;
		if (!*least || size < *least)
			*least = size;
		if (size > *most)
			*most = size;
	}
}

void mrw_shape_init(struct mrw_shape *shape, unsigned int types,
		    unsigned int alignment, bool big_endian)
{
	unsigned int least, most;

	measure(types, &least, &most);
	*shape = (struct mrw_shape){
		.types = types,
		.width = most,
		.step = alignment,
		.natural = !alignment,
		.big_endian = big_endian,
	};
	if (!alignment)
		shape->step = types & MRW_TYPES_TEXT ? 1 : least;
}

unsigned int mrw_shape_stride(const struct mrw_shape *shape, unsigned int size)
{
	return shape->natural && size > shape->step ? size : shape->step;
}

/*
 * Numbers
 */

static int apply_relative(struct mrw_term *term, const struct mrw_leeway *leeway,
			  enum memrw_scan_op op)
{
	term->tolerance = leeway->tolerance;
	term->test = op == MEMRW_SCAN_CHANGED || op == MEMRW_SCAN_UNCHANGED ?
			     MRW_TEST_SAME : MRW_TEST_MORE;
	term->invert = op == MEMRW_SCAN_CHANGED;
	return 0;
}

static int apply_op(struct mrw_term *term, const struct mrw_leeway *leeway,
		    const struct memrw_scan_condition *condition)
{
	switch (condition->op) {
	case MEMRW_SCAN_UNKNOWN:
		term->test = MRW_TEST_ALL;
		return 0;
	case MEMRW_SCAN_POINTS_INTO:
		term->test = MRW_TEST_WITHIN;
		return 0;
	case MEMRW_SCAN_CHANGED:
	case MEMRW_SCAN_UNCHANGED:
	case MEMRW_SCAN_INCREASED:
	case MEMRW_SCAN_DECREASED:
		return apply_relative(term, leeway, condition->op);
	default:
		return mrw_operand_apply(term, leeway, condition);
	}
}

/* A type that the condition is nothing for is left out; one must remain. */
static int add_terms(struct mrw_query *query, const struct mrw_leeway *leeway,
		     const struct memrw_scan_condition *condition,
		     const struct mrw_range *ranges, size_t range_count)
{
	enum memrw_scan_op op = condition->op;
	int error = EINVAL;

	for (unsigned int type = 0; type < MRW_TYPES_MAX; type++) {
		struct mrw_term *term = &query->terms[query->term_count];

		if (!(query->shape.types & MEMRW_SCAN_TYPE(type)))
			continue;
		mrw_term_init(term, type, query->shape.big_endian != HOST_BIG_ENDIAN);
		term->ranges = ranges;
		term->range_count = range_count;
		term->swap_roles = op == MEMRW_SCAN_DECREASED || op == MEMRW_SCAN_DECREASED_BY;
		if (apply_op(term, leeway, condition) == 0)
			query->term_count++;
		else if (errno == ERANGE)
			error = ERANGE;
	}
	return query->term_count ? 0 : fail(error);
}

/*
 * Strings and bytes
 */

static int add_pattern(struct mrw_query *query, const struct mrw_leeway *leeway,
		       const char *text)
{
	unsigned int types = query->shape.types;
	int status;

	if (!text)
		return fail(EINVAL);
	if (types == MEMRW_SCAN_BYTES)
		status = mrw_pattern_parse(&query->pattern, text);
	else
		status = mrw_pattern_string(&query->pattern, text, types == MEMRW_SCAN_STR16,
					    query->shape.big_endian, leeway->fold_case);
	if (status < 0)
		return -1;
	query->has_pattern = true;
	if (!query->shape.width)
		query->shape.width = query->pattern.length;
	return query->shape.width == query->pattern.length ? 0 : fail(EMSGSIZE);
}

static int add_text(struct mrw_query *query, const struct mrw_leeway *leeway,
		    const struct memrw_scan_condition *condition)
{
	bool first = !query->shape.width;

	switch (condition->op) {
	case MEMRW_SCAN_EQ:
		return add_pattern(query, leeway, condition->value);
	case MEMRW_SCAN_NE:
		query->invert = true;
		return first ? fail(EINVAL) : add_pattern(query, leeway, condition->value);
	case MEMRW_SCAN_CHANGED:
	case MEMRW_SCAN_UNCHANGED:
		query->same = true;
		query->invert = condition->op == MEMRW_SCAN_CHANGED;
		return first ? fail(EINVAL) : 0;
	case MEMRW_SCAN_UNKNOWN:
		return first ? fail(EINVAL) : 0;
	default:
		return fail(EINVAL);
	}
}

/*
 * Both
 */

int mrw_query_init(struct mrw_query *query, const struct mrw_shape *shape,
		   const struct mrw_leeway *leeway,
		   const struct memrw_scan_condition *condition,
		   const struct mrw_range *ranges, size_t range_count)
{
	enum memrw_scan_op op = condition->op;
	int status;

	*query = (struct mrw_query){
		.shape = *shape,
		.needs_then = op >= MEMRW_SCAN_CHANGED && op <= MEMRW_SCAN_DECREASED_BY,
	};
	if ((unsigned int)op > MEMRW_SCAN_POINTS_INTO ||
	    (op == MEMRW_SCAN_POINTS_INTO && shape->types & ~TYPES_POINTER))
		return fail(EINVAL);
	if (shape->types & MRW_TYPES_TEXT)
		status = add_text(query, leeway, condition);
	else
		status = add_terms(query, leeway, condition, ranges, range_count);
	if (status < 0)
		mrw_query_clear(query);
	return status;
}

void mrw_query_clear(struct mrw_query *query)
{
	int saved = errno;

	if (query->has_pattern)
		mrw_pattern_clear(&query->pattern);
	query->has_pattern = false;
	errno = saved;
}
