// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * All comparisons with numbers are questions whether a value is within an
 * interval, or is not: so there is one loop for them.
 */
#include "scan_operand.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * Whole numbers: from the lowest, modulo 2 to the power of the bits, in which
 * a signed interval is one too
 */

static uint64_t all_bits(const struct mrw_term *term)
{
	return UINT64_MAX >> (64 - 8 * term->size);
}

static uint64_t lowest(const struct mrw_term *term)
{
	return term->is_signed ? UINT64_C(1) << (8 * term->size - 1) : 0;
}

/* How far above the lowest value of the type. */
static uint64_t rank(const struct mrw_term *term, uint64_t word)
{
	return (word - lowest(term)) & all_bits(term);
}

static int set_interval(struct mrw_term *term, uint64_t low_rank, uint64_t high_rank)
{
	term->test = MRW_TEST_RANGE;
	term->low = (low_rank + lowest(term)) & all_bits(term);
	term->span = high_rank - low_rank;
	return 0;
}

static int parse_word(const struct mrw_term *term, const char *text, uint64_t *word)
{
	uint8_t bytes[8];

	if (!text)
		return fail(EINVAL);
	if (memrw_value_parse(term->type, text, bytes, sizeof(bytes)) < 0)
		return -1;
	*word = mrw_word_load(bytes, term->size, false);
	return 0;
}

static int apply_words(struct mrw_term *term, enum memrw_scan_op op,
		       uint64_t word, uint64_t upper)
{
	uint64_t at = rank(term, word), last = all_bits(term);

	switch (op) {
	case MEMRW_SCAN_NE:
		term->invert = true;
		/* fall through */
	case MEMRW_SCAN_EQ:
		return set_interval(term, at, at);
	case MEMRW_SCAN_LT:
		return at ? set_interval(term, 0, at - 1) : fail(ERANGE);
	case MEMRW_SCAN_GT:
		return at < last ? set_interval(term, at + 1, last) : fail(ERANGE);
	case MEMRW_SCAN_RANGE:
		if (rank(term, upper) < at)
			return fail(EINVAL);
		return set_interval(term, at, rank(term, upper));
	default:
		break;
	}
	/* By how much: no less than nothing. */
	if (term->is_signed && word >= lowest(term))
		return fail(EINVAL);
	term->test = MRW_TEST_BY;
	term->low = word;
	return 0;
}

/* Zeros and ones only are what most of memory is. */
static bool is_rare(const struct mrw_term *term, unsigned int place)
{
	uint8_t byte = term->low >> (8 * place);

	return byte && byte != UINT8_MAX;
}

static void find_rare_bytes(struct mrw_term *term)
{
	unsigned int i = 0;

	while (i < term->size - 1 && !is_rare(term, i))
		i++;
	term->first = i;
	term->second = i ? 0 : term->size - 1;
	for (i = 0; i < term->size; i++)
		if (i != term->first && is_rare(term, i))
			term->second = i;
}

static int apply_whole(struct mrw_term *term, const struct memrw_scan_condition *condition)
{
	uint64_t word, upper = 0;

	if (parse_word(term, condition->value, &word) < 0)
		return -1;
	if (condition->op == MEMRW_SCAN_RANGE &&
	    parse_word(term, condition->upper, &upper) < 0)
		return -1;
	if (apply_words(term, condition->op, word, upper) < 0)
		return -1;
	/* One value can as well be looked for as it lies in memory. */
	if (term->test == MRW_TEST_RANGE && !term->span && term->swap) {
		term->low = __builtin_bswap64(term->low) >> (64 - 8 * term->size);
		term->swap = false;
	}
	find_rare_bytes(term);
	return 0;
}

/*
 * Floating-point numbers
 */

static int parse_double(const struct mrw_term *term, const char *text, double *number)
{
	uint64_t word;
	uint32_t half;
	float single;

	if (parse_word(term, text, &word) < 0)
		return -1;
	if (term->size == sizeof(single)) {
		half = word;
		memcpy(&single, &half, sizeof(single));
		*number = single;
	} else {
		memcpy(number, &word, sizeof(*number));
	}
	/* A NaN is neither equal to anything nor less nor greater. */
	return *number != *number ? fail(EINVAL) : 0;
}

/* 10 to the power of the exponent behind an "e", in 1.5e3. */
static long exponent_of(const char *digits)
{
	const char *e = strpbrk(digits, "eE");
	long exponent = e ? strtol(e + 1, NULL, 10) : 0;

	return exponent > 400 ? 400 : exponent < -400 ? -400 : exponent;
}

/* What a 1 is at the last digit of the text; 0 where that is not decimal. */
static double last_digit(const char *text)
{
	const char *digits = text + (text[0] == '-'), *point;
	long places = 0;
	char unit[32];
	double number;

	if (!isdigit((unsigned char)digits[0]) && digits[0] != '.')
		return 0;
	if (digits[0] == '0' && tolower((unsigned char)digits[1]) == 'x')
		return 0;
	point = strchr(digits, '.');
	if (point)
		places = strspn(point + 1, "0123456789");
	snprintf(unit, sizeof(unit), "1e%ld",
		 exponent_of(digits) - (places > 400 ? 400 : places));
	return memrw_value_parse(MEMRW_TYPE_F64, unit, &number, sizeof(number)) < 0 ? 0 : number;
}

/* The text as the type double has it, however the scan's type rounds it. */
static double decimal(const char *text)
{
	double number = 0;

	memrw_value_parse(MEMRW_TYPE_F64, text, &number, sizeof(number));
	return number;
}

static void set_rounded(struct mrw_term *term, const char *text, double unit)
{
	double number = decimal(text);

	term->floor = number - unit / 2;
	term->ceiling = mrw_double_below(number + unit / 2);
}

static void set_truncated(struct mrw_term *term, const char *text, double unit)
{
	double number = decimal(text);

	if (text[0] == '-') {
		term->floor = mrw_double_above(number - unit);
		term->ceiling = number;
	} else {
		term->floor = number;
		term->ceiling = mrw_double_below(number + unit);
	}
}

static void set_equal(struct mrw_term *term, const struct mrw_leeway *leeway,
		      const char *text, double number)
{
	double unit = leeway->rounding == MEMRW_SCAN_EXACT ? 0 : last_digit(text);

	term->test = MRW_TEST_RANGE;
	term->floor = number - leeway->tolerance;
	term->ceiling = number + leeway->tolerance;
	/* An infinity has no digits to round to. */
	if (unit == 0 || number - number != 0)
		return;
	if (leeway->rounding == MEMRW_SCAN_ROUNDED)
		set_rounded(term, text, unit);
	else
		set_truncated(term, text, unit);
}

static int set_bounds(struct mrw_term *term, double floor, double ceiling, int error)
{
	term->test = MRW_TEST_RANGE;
	term->floor = floor;
	term->ceiling = ceiling;
	return floor <= ceiling ? 0 : fail(error);
}

static int apply_by(struct mrw_term *term, const struct mrw_leeway *leeway,
		    const char *text, double number)
{
	if (number < 0)
		return fail(EINVAL);
	set_equal(term, leeway, text, number);
	term->test = MRW_TEST_BY;
	term->step = number;
	return 0;
}

static int apply_float(struct mrw_term *term, const struct mrw_leeway *leeway,
		       const struct memrw_scan_condition *condition)
{
	double number, upper;

	if (parse_double(term, condition->value, &number) < 0)
		return -1;
	switch (condition->op) {
	case MEMRW_SCAN_NE:
		term->invert = true;
		/* fall through */
	case MEMRW_SCAN_EQ:
		set_equal(term, leeway, condition->value, number);
		return 0;
	case MEMRW_SCAN_LT:
		if (number == -__builtin_inf())
			return fail(ERANGE);
		return set_bounds(term, -__builtin_inf(), mrw_double_below(number), ERANGE);
	case MEMRW_SCAN_GT:
		if (number == __builtin_inf())
			return fail(ERANGE);
		return set_bounds(term, mrw_double_above(number), __builtin_inf(), ERANGE);
	case MEMRW_SCAN_RANGE:
		if (parse_double(term, condition->upper, &upper) < 0)
			return -1;
		return set_bounds(term, number, upper, EINVAL);
	default:
		return apply_by(term, leeway, condition->value, number);
	}
}

int mrw_operand_apply(struct mrw_term *term, const struct mrw_leeway *leeway,
		      const struct memrw_scan_condition *condition)
{
	if (term->is_float)
		return apply_float(term, leeway, condition);
	return apply_whole(term, condition);
}
