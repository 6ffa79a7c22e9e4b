// SPDX-License-Identifier: GPL-2.0-only
/* Conditions of a scan: operands, texts, patterns; and terms of a filter. */
#include "region_filter.h"
#include "scan_query.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void check_pattern(const struct mrw_pattern *pattern)
{
	require(pattern->length > 0 && pattern->length <= MEMRW_SCAN_LENGTH_MAX);
	require(pattern->first < pattern->length && pattern->second < pattern->length);
	for (size_t i = 0; i < pattern->length; i++)
		require((pattern->value[i] & ~pattern->mask[i]) == 0);
	require(mrw_pattern_matches(pattern, pattern->exact) || !pattern->unit[0]);
}

static void check_query(const struct mrw_query *query)
{
	require(query->shape.width > 0);
	if (query->has_pattern)
		check_pattern(&query->pattern);
	for (size_t i = 0; i < query->term_count; i++) {
		const struct mrw_term *term = &query->terms[i];

		require(query->shape.types & MEMRW_SCAN_TYPE(term->type));
		require(term->size == 8 || term->low >> (8 * term->size) == 0);
	}
}

static void check_filter(const char *term)
{
	struct memrw_region_filter *filter = memrw_region_filter_open();
	struct memrw_region region = { .start = 0x1000, .end = 0x2000, .name = "[heap]" };

	if (memrw_region_filter_add(filter, term) == 0)
		memrw_region_filter_accepts(filter, &region);
	else
		require(errno == EINVAL);
	memrw_region_filter_close(filter);
}

static unsigned int types_of(uint8_t byte)
{
	static const unsigned int types[] = {
		MEMRW_SCAN_ANY_INT, MEMRW_SCAN_ANY_NUMBER, MEMRW_SCAN_STR,
		MEMRW_SCAN_STR16, MEMRW_SCAN_BYTES,
	};

	return byte % 16 <= MEMRW_TYPE_PTR ? MEMRW_SCAN_TYPE(byte % 16) : types[byte % 16 - 11];
}

/* Types, operation and leeway, a byte each, then two texts with a NUL between. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memrw_scan_condition condition = { .size = sizeof(condition) };
	struct mrw_leeway leeway = { 0 };
	struct mrw_query query;
	struct mrw_shape shape;
	char *value, *upper;

	if (size < 3)
		return 0;
	mrw_shape_init(&shape, types_of(data[0]), data[0] & 16, data[0] & 32);
	condition.op = data[1] % (MEMRW_SCAN_POINTS_INTO + 2);
	leeway.rounding = data[2] % 3;
	leeway.fold_case = data[2] & 4;
	data += 3;
	size -= 3;
	value = text_cut(&data, &size);
	upper = text_cut(&data, &size);
	condition.value = value;
	condition.upper = upper;
	if (mrw_query_init(&query, &shape, &leeway, &condition, NULL, 0) == 0) {
		check_query(&query);
		mrw_query_clear(&query);
	} else {
		require(errno == EINVAL || errno == ERANGE || errno == EMSGSIZE);
	}
	check_filter(value);
	free(value);
	free(upper);
	return 0;
}
