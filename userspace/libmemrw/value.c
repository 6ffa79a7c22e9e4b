// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Typed values: text to bytes and back.  The bits of floating-point numbers
 * are kept through both ways, those of a NaN too.
 */

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memrw.h"
#include "number.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

enum kind {
	KIND_SIGNED,
	KIND_UNSIGNED,
	KIND_FLOAT,
	KIND_POINTER,
	KIND_STRING,
};

static const struct {
	const char *name;
	size_t size;
	enum kind kind;
} types[] = {
	[MEMRW_TYPE_I8]	 = { "i8",  1, KIND_SIGNED },
	[MEMRW_TYPE_U8]	 = { "u8",  1, KIND_UNSIGNED },
	[MEMRW_TYPE_I16] = { "i16", 2, KIND_SIGNED },
	[MEMRW_TYPE_U16] = { "u16", 2, KIND_UNSIGNED },
	[MEMRW_TYPE_I32] = { "i32", 4, KIND_SIGNED },
	[MEMRW_TYPE_U32] = { "u32", 4, KIND_UNSIGNED },
	[MEMRW_TYPE_I64] = { "i64", 8, KIND_SIGNED },
	[MEMRW_TYPE_U64] = { "u64", 8, KIND_UNSIGNED },
	[MEMRW_TYPE_F32] = { "f32", 4, KIND_FLOAT },
	[MEMRW_TYPE_F64] = { "f64", 8, KIND_FLOAT },
	[MEMRW_TYPE_PTR] = { "ptr", 8, KIND_POINTER },
	[MEMRW_TYPE_STR] = { "str", 0, KIND_STRING },
};

static bool type_valid(enum memrw_type type)
{
	return (size_t)type < ARRAY_SIZE(types);
}

static int fail(int error)
{
	errno = error;
	return -1;
}

int memrw_type_parse(const char *name, enum memrw_type *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(name, types[i].name) == 0) {
			*type = i;
			return 0;
		}
	}
	return fail(EINVAL);
}

const char *memrw_type_name(enum memrw_type type)
{
	if (!type_valid(type)) {
		errno = EINVAL;
		return NULL;
	}
	return types[type].name;
}

size_t memrw_type_size(enum memrw_type type)
{
	return type_valid(type) ? types[type].size : 0;
}

/* The low bytes of a word are its first ones on a little-endian machine only. */
static void word_store(uint64_t word, void *buffer, size_t size)
{
	uint8_t u8 = word;
	uint16_t u16 = word;
	uint32_t u32 = word;

	switch (size) {
	case 1:
		memcpy(buffer, &u8, size);
		break;
	case 2:
		memcpy(buffer, &u16, size);
		break;
	case 4:
		memcpy(buffer, &u32, size);
		break;
	default:
		memcpy(buffer, &word, sizeof(word));
	}
}

static uint64_t word_load(const void *buffer, size_t size)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (size) {
	case 1:
		memcpy(&u8, buffer, size);
		return u8;
	case 2:
		memcpy(&u16, buffer, size);
		return u16;
	case 4:
		memcpy(&u32, buffer, size);
		return u32;
	default:
		memcpy(&u64, buffer, sizeof(u64));
		return u64;
	}
}

static uint64_t low_bits(unsigned int bits)
{
	return bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

static int parse_unsigned(const char *text, size_t size, uint64_t *word)
{
	if (mrw_number_parse(text, word) < 0)
		return -1;
	return *word <= low_bits(8 * size) ? 0 : fail(ERANGE);
}

static int parse_signed(const char *text, size_t size, uint64_t *word)
{
	uint64_t most = low_bits(8 * size - 1);
	bool negative = text[0] == '-';

	if (mrw_number_parse(text + negative, word) < 0)
		return -1;
	if (*word > most + negative)
		return fail(ERANGE);
	if (negative)
		*word = -*word;
	return 0;
}

static unsigned int mantissa_bits(size_t size)
{
	return (size == sizeof(float) ? FLT_MANT_DIG : DBL_MANT_DIG) - 1;
}

/* An infinity without its sign; the exponent of a NaN. */
static uint64_t exponent_mask(size_t size)
{
	return low_bits(8 * size - 1) & ~low_bits(mantissa_bits(size));
}

static uint64_t quiet_bit(size_t size)
{
	return UINT64_C(1) << (mantissa_bits(size) - 1);
}

/*
 * "nan", or "nan(MANTISSA)" with all bits of the mantissa.  strtod(3) knows
 * that form too, but cannot give a signalling NaN.
 */
static int parse_nan(const char *text, size_t size, uint64_t *word)
{
	uint64_t mantissa = quiet_bit(size);
	char digits[32];
	int end = 0;

	if (text[3] != '\0') {
		if (sscanf(text + 3, "(%31[0-9a-fA-FxX])%n", digits, &end) != 1 ||
		    end == 0 || text[3 + end] != '\0')
			return fail(EINVAL);
		if (mrw_number_parse(digits, &mantissa) < 0)
			return -1;
		if (mantissa == 0)
			return fail(EINVAL);
		if (mantissa > low_bits(mantissa_bits(size)))
			return fail(ERANGE);
	}

	*word = exponent_mask(size) | mantissa;
	return 0;
}

/* A locale object for "C" is static in the C library: it costs nothing. */
static locale_t locale_c(void)
{
	return newlocale(LC_ALL_MASK, "C", NULL);
}

static uint64_t float_bits(float number)
{
	uint32_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static uint64_t double_bits(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static int parse_number(const char *text, size_t size, uint64_t *word)
{
	locale_t locale = locale_c();
	char *end;

	if (!locale)
		return -1;
	errno = 0;
	if (size == sizeof(float))
		*word = float_bits(strtof_l(text, &end, locale));
	else
		*word = double_bits(strtod_l(text, &end, locale));
	freelocale(locale);

	if (end == text || *end != '\0')
		return fail(EINVAL);
	/* A number too small for full precision is as near as the type gets. */
	if (errno == ERANGE && *word == exponent_mask(size))
		return -1;
	return 0;
}

static int parse_float(const char *text, size_t size, uint64_t *word)
{
	bool negative = text[0] == '-';
	int status;

	text += negative;
	if (strncasecmp(text, "nan", 3) == 0)
		status = parse_nan(text, size, word);
	else if (isalnum((unsigned char)text[0]) || text[0] == '.')
		status = parse_number(text, size, word);
	else
		status = fail(EINVAL);

	if (status == 0 && negative)
		*word |= UINT64_C(1) << (8 * size - 1);
	return status;
}

static ssize_t parse_string(const char *text, void *buffer, size_t size)
{
	size_t length = strlen(text);

	if (length > size)
		return fail(ENOBUFS);
	memcpy(buffer, text, length);
	return length;
}

static int parse_word(enum memrw_type type, const char *text, uint64_t *word)
{
	switch (types[type].kind) {
	case KIND_SIGNED:
		return parse_signed(text, types[type].size, word);
	case KIND_FLOAT:
		return parse_float(text, types[type].size, word);
	default:
		return parse_unsigned(text, types[type].size, word);
	}
}

ssize_t memrw_value_parse(enum memrw_type type, const char *text,
			  void *buffer, size_t size)
{
	uint64_t word;

	if (!type_valid(type))
		return fail(EINVAL);
	if (types[type].kind == KIND_STRING)
		return parse_string(text, buffer, size);
	if (parse_word(type, text, &word) < 0)
		return -1;
	if (types[type].size > size)
		return fail(ENOBUFS);

	word_store(word, buffer, types[type].size);
	return types[type].size;
}

static int64_t sign_extend(uint64_t word, size_t size)
{
	unsigned int shift = 64 - 8 * size;

	return (int64_t)(word << shift) >> shift;
}

static int format_nan(uint64_t word, size_t size, char *text, size_t room)
{
	const char *sign = word >> (8 * size - 1) ? "-" : "";
	uint64_t mantissa = word & low_bits(mantissa_bits(size));

	if (mantissa == quiet_bit(size))
		return snprintf(text, room, "%snan", sign);
	return snprintf(text, room, "%snan(0x%" PRIx64 ")", sign, mantissa);
}

/* The fewest digits that give the same bits back. */
static int format_digits(uint64_t word, double number, size_t size, char *text,
			 size_t room)
{
	int precision = size == sizeof(float) ? FLT_DIG : DBL_DIG;
	int most = size == sizeof(float) ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
	char digits[DBL_MAX_10_EXP + 16];
	uint64_t back;

	for (; precision < most; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, number);
		if (parse_float(digits, size, &back) == 0 && back == word)
			break;
	}
	return snprintf(text, room, "%.*g", precision, number);
}

static double float_number(uint64_t word, size_t size)
{
	uint32_t half = word;
	double number;
	float single;

	if (size == sizeof(single)) {
		memcpy(&single, &half, sizeof(single));
		return single;
	}
	memcpy(&number, &word, sizeof(number));
	return number;
}

static int format_float(uint64_t word, size_t size, char *text, size_t room)
{
	locale_t locale, previous;
	int length;

	if ((word & low_bits(8 * size - 1)) > exponent_mask(size))
		return format_nan(word, size, text, room);

	locale = locale_c();
	if (!locale)
		return -1;
	previous = uselocale(locale);
	length = format_digits(word, float_number(word, size), size, text, room);
	uselocale(previous);
	freelocale(locale);
	return length;
}

static int format_word(enum memrw_type type, uint64_t word, char *text,
		       size_t room)
{
	size_t size = types[type].size;

	switch (types[type].kind) {
	case KIND_SIGNED:
		return snprintf(text, room, "%" PRId64, sign_extend(word, size));
	case KIND_UNSIGNED:
		return snprintf(text, room, "%" PRIu64, word);
	case KIND_POINTER:
		return snprintf(text, room, "0x%" PRIx64, word);
	case KIND_FLOAT:
		return format_float(word, size, text, room);
	default:
		return fail(EINVAL);
	}
}

int memrw_value_format(enum memrw_type type, const void *value, char *text,
		       size_t size)
{
	int length;

	if (!type_valid(type) || types[type].kind == KIND_STRING)
		return fail(EINVAL);

	length = format_word(type, word_load(value, types[type].size), text, size);
	if (length >= 0 && (size_t)length >= size)
		return fail(ENOBUFS);
	return length;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

ssize_t memrw_hex_parse(const char *text, void *buffer, size_t size)
{
	uint8_t *bytes = buffer;
	size_t count = 0;

	while (*text != '\0') {
		size_t blanks = strspn(text, " \t\n\v\f\r");
		int high, low;

		if (blanks > 0) {
			text += blanks;
			continue;
		}
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0)
			return fail(EINVAL);
		if (count == size)
			return fail(ENOBUFS);
		bytes[count++] = high << 4 | low;
		text += 2;
	}
	return count;
}
