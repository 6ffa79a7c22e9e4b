// SPDX-License-Identifier: GPL-2.0-only

#include <string.h>

#include "value_order.h"
#include "word.h"

static int order_unsigned(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The sign is carried up to the highest bit. */
static int64_t extend(uint64_t word, size_t width)
{
	unsigned int unused = 64 - 8 * width;

	return (int64_t)(word << unused) >> unused;
}

static int order_signed(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static double number(enum memrw_type type, const void *value)
{
	double number;
	float single;

	if (type == MEMRW_TYPE_F32) {
		memcpy(&single, value, sizeof(single));
		return single;
	}
	memcpy(&number, value, sizeof(number));
	return number;
}

static int order_numbers(double a, double b)
{
	if (a < b)
		return -1;
	if (a > b)
		return 1;
	return a == b ? 0 : VALUE_UNORDERED;
}

int value_order(enum memrw_type type, const void *a, const void *b)
{
	size_t width = memrw_type_size(type);

	switch (type) {
	case MEMRW_TYPE_F32:
	case MEMRW_TYPE_F64:
		return order_numbers(number(type, a), number(type, b));
	case MEMRW_TYPE_I8:
	case MEMRW_TYPE_I16:
	case MEMRW_TYPE_I32:
	case MEMRW_TYPE_I64:
		return order_signed(extend(word_from_bytes(a, width), width),
				    extend(word_from_bytes(b, width), width));
	default:
		return order_unsigned(word_from_bytes(a, width), word_from_bytes(b, width));
	}
}
