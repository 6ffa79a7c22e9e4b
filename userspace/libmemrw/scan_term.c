// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_term.h"

#include <string.h>

bool mrw_ranges_hold(const struct mrw_range *ranges, size_t count, uint64_t address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address >= ranges[middle].end)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && address >= ranges[low].start;
}

void mrw_term_init(struct mrw_term *term, enum memrw_type type, bool swap)
{
	*term = (struct mrw_term){
		.type = type,
		.size = memrw_type_size(type),
		.is_float = type == MEMRW_TYPE_F32 || type == MEMRW_TYPE_F64,
		.is_signed = type == MEMRW_TYPE_I8 || type == MEMRW_TYPE_I16 ||
			     type == MEMRW_TYPE_I32 || type == MEMRW_TYPE_I64,
		.swap = swap && memrw_type_size(type) > 1,
	};
}

uint64_t mrw_word_load(const void *bytes, unsigned int size, bool swap)
{
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (size) {
	case 1:
		return *(const uint8_t *)bytes;
	case 2:
		memcpy(&two, bytes, sizeof(two));
		return swap ? __builtin_bswap16(two) : two;
	case 4:
		memcpy(&four, bytes, sizeof(four));
		return swap ? __builtin_bswap32(four) : four;
	default:
		memcpy(&eight, bytes, sizeof(eight));
		return swap ? __builtin_bswap64(eight) : eight;
	}
}

/*
 * Floating-point numbers are in the order of their bits, seen as whole numbers
 * with a sign apart.
 */
static uint64_t double_order(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double double_of_order(uint64_t order)
{
	uint64_t bits = order >> 63 ? order & ~(UINT64_C(1) << 63) : ~order;
	double number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

double mrw_double_above(double number)
{
	if (number == __builtin_inf())
		return number;
	/* Above both zeros. */
	return double_of_order(double_order(number == 0 ? 0.0 : number) + 1);
}

double mrw_double_below(double number)
{
	return -mrw_double_above(-number);
}

/* Rounded to a float it may be on the wrong side: the next one then. */
float mrw_float_at_least(double bound)
{
	float near = (float)bound;
	uint32_t bits;

	if ((double)near >= bound)
		return near;
	if (near == 0)
		return __FLT_DENORM_MIN__;
	memcpy(&bits, &near, sizeof(bits));
	bits += near > 0 ? 1 : -1;
	memcpy(&near, &bits, sizeof(near));
	return near;
}

float mrw_float_at_most(double bound)
{
	return -mrw_float_at_least(-bound);
}
