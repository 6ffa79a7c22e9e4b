// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types, values and hexadecimal text of libmemrw.
 */

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memrw.h"

static const enum memrw_type numbers[] = {
	MEMRW_TYPE_I8, MEMRW_TYPE_U8, MEMRW_TYPE_I16, MEMRW_TYPE_U16,
	MEMRW_TYPE_I32, MEMRW_TYPE_U32, MEMRW_TYPE_I64, MEMRW_TYPE_U64,
	MEMRW_TYPE_F32, MEMRW_TYPE_F64, MEMRW_TYPE_PTR,
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void every_type_has_a_name_that_parses_back(void **state)
{
	(void)state;
	for (int type = MEMRW_TYPE_I8; type <= MEMRW_TYPE_STR; type++) {
		enum memrw_type back = -1;

		assert_int_equal(memrw_type_parse(memrw_type_name(type), &back), 0);
		assert_int_equal(back, type);
	}
}

static void an_unknown_type_is_refused(void **state)
{
	static const char *const names[] = { "", "u", "u33", "U32", "u32 ", "int" };
	enum memrw_type type;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		errno = 0;
		assert_int_equal(memrw_type_parse(names[i], &type), -1);
		assert_int_equal(errno, EINVAL);
	}
	errno = 0;
	assert_null(memrw_type_name(MEMRW_TYPE_STR + 1));
	assert_int_equal(errno, EINVAL);
	assert_int_equal(memrw_type_size(MEMRW_TYPE_STR + 1), 0);
}

static void a_type_has_the_size_its_name_says(void **state)
{
	(void)state;
	assert_int_equal(memrw_type_size(MEMRW_TYPE_STR), 0);
	assert_int_equal(memrw_type_size(MEMRW_TYPE_PTR), 8);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		const char *name = memrw_type_name(numbers[i]);

		if (numbers[i] != MEMRW_TYPE_PTR)
			assert_int_equal(8 * memrw_type_size(numbers[i]),
					 atoi(name + 1));
	}
}

static void assert_parses(enum memrw_type type, const char *text, uint64_t word)
{
	size_t size = memrw_type_size(type);
	uint64_t expected = word;
	uint8_t buffer[9];

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		expected <<= 64 - 8 * size;
	memset(buffer, 0xa5, sizeof(buffer));
	assert_int_equal(memrw_value_parse(type, text, buffer, sizeof(buffer)), size);
	assert_memory_equal(buffer, &expected, size);
	assert_int_equal(buffer[size], 0xa5);
}

static void assert_refused(enum memrw_type type, const char *text, int error)
{
	uint8_t buffer[8], before[8];

	memset(buffer, 0xa5, sizeof(buffer));
	memcpy(before, buffer, sizeof(buffer));
	errno = 0;
	assert_int_equal(memrw_value_parse(type, text, buffer, sizeof(buffer)), -1);
	assert_int_equal(errno, error);
	assert_memory_equal(buffer, before, sizeof(buffer));
}

static void whole_numbers_parse_in_three_bases(void **state)
{
	(void)state;
	assert_parses(MEMRW_TYPE_U8, "255", 255);
	assert_parses(MEMRW_TYPE_U16, "0xBeEf", 0xbeef);
	assert_parses(MEMRW_TYPE_U16, "0XBEEF", 0xbeef);
	assert_parses(MEMRW_TYPE_U32, "0755", 0755);
	assert_parses(MEMRW_TYPE_U32, "0", 0);
	assert_parses(MEMRW_TYPE_U64, "18446744073709551615", UINT64_MAX);
	assert_parses(MEMRW_TYPE_PTR, "0x7ffd12345678", 0x7ffd12345678);
	assert_parses(MEMRW_TYPE_I8, "-0x80", 0x80);
	assert_parses(MEMRW_TYPE_I16, "-1", 0xffff);
	assert_parses(MEMRW_TYPE_I32, "-0", 0);
	assert_parses(MEMRW_TYPE_I64, "-9223372036854775808", UINT64_C(1) << 63);
	assert_parses(MEMRW_TYPE_I64, "9223372036854775807", INT64_MAX);
}

static void a_number_past_its_type_is_out_of_range(void **state)
{
	(void)state;
	assert_refused(MEMRW_TYPE_U8, "256", ERANGE);
	assert_refused(MEMRW_TYPE_I8, "128", ERANGE);
	assert_refused(MEMRW_TYPE_I8, "-129", ERANGE);
	assert_refused(MEMRW_TYPE_U16, "0x10000", ERANGE);
	assert_refused(MEMRW_TYPE_I32, "2147483648", ERANGE);
	assert_refused(MEMRW_TYPE_I32, "-2147483649", ERANGE);
	assert_refused(MEMRW_TYPE_I64, "9223372036854775808", ERANGE);
	assert_refused(MEMRW_TYPE_I64, "-9223372036854775809", ERANGE);
	assert_refused(MEMRW_TYPE_U64, "18446744073709551616", ERANGE);
	assert_refused(MEMRW_TYPE_PTR, "0x10000000000000000", ERANGE);
	assert_refused(MEMRW_TYPE_F32, "1e39", ERANGE);
	assert_refused(MEMRW_TYPE_F64, "-1e309", ERANGE);
}

static void text_that_is_no_number_is_refused(void **state)
{
	static const char *const texts[] = {
		"", " ", "-", "+1", "--1", " 1", "1 ", "1x", "0x", "08", "x", "0b1",
		"1,5", "- 1", "0x-1", "nan()", "nan(", "nan(0)", "nan(zz)", "nan(1)x",
		"nanx", "e5",
	};

	(void)state;
	for (size_t t = 0; t < COUNT(numbers); t++) {
		for (size_t i = 0; i < COUNT(texts); i++) {
			/* What octal is to whole numbers is decimal to the others. */
			if (strcmp(texts[i], "08") == 0 &&
			    memrw_type_name(numbers[t])[0] == 'f')
				continue;
			assert_refused(numbers[t], texts[i], EINVAL);
		}
	}
	assert_refused(MEMRW_TYPE_U32, "-1", EINVAL);
	assert_refused(MEMRW_TYPE_I32, "1.0", EINVAL);
	assert_refused(MEMRW_TYPE_STR + 1, "1", EINVAL);
}

static void floating_point_parses_as_strtod(void **state)
{
	(void)state;
	assert_parses(MEMRW_TYPE_F32, "1", 0x3f800000);
	assert_parses(MEMRW_TYPE_F32, "-.5", 0xbf000000);
	assert_parses(MEMRW_TYPE_F32, "0x1p-149", 1);
	assert_parses(MEMRW_TYPE_F32, "1e-60", 0);
	assert_parses(MEMRW_TYPE_F64, "0.1", UINT64_C(0x3fb999999999999a));
	assert_parses(MEMRW_TYPE_F64, "-0", UINT64_C(1) << 63);
	assert_parses(MEMRW_TYPE_F64, "inf", UINT64_C(0x7ff0000000000000));
	assert_parses(MEMRW_TYPE_F64, "-infinity", UINT64_C(0xfff0000000000000));
	assert_parses(MEMRW_TYPE_F64, "NaN", UINT64_C(0x7ff8000000000000));
	assert_parses(MEMRW_TYPE_F32, "-nan(0x1)", 0xff800001);
	assert_refused(MEMRW_TYPE_F32, "nan(0x800000)", ERANGE);
	/* Between two floats, where rounding to double first goes wrong. */
	assert_parses(MEMRW_TYPE_F32, "1.00000017881393432617187499", 0x3f800001);
}

static void a_string_is_its_bytes_without_a_nul(void **state)
{
	char buffer[6] = "......";

	(void)state;
	assert_int_equal(memrw_value_parse(MEMRW_TYPE_STR, "hello", buffer, 5), 5);
	assert_memory_equal(buffer, "hello.", 6);
	assert_int_equal(memrw_value_parse(MEMRW_TYPE_STR, "", buffer, 0), 0);
}

static void a_value_that_does_not_fit_the_buffer_is_refused(void **state)
{
	char buffer[8] = "........";

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		errno = 0;
		assert_int_equal(memrw_value_parse(numbers[i], "1", buffer,
						   memrw_type_size(numbers[i]) - 1), -1);
		assert_int_equal(errno, ENOBUFS);
	}
	errno = 0;
	assert_int_equal(memrw_value_parse(MEMRW_TYPE_STR, "hello", buffer, 4), -1);
	assert_int_equal(errno, ENOBUFS);
	assert_memory_equal(buffer, "........", 8);
}

static void assert_formats(enum memrw_type type, uint64_t word, const char *text)
{
	char got[32];

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		word <<= 64 - 8 * memrw_type_size(type);
	assert_int_equal(memrw_value_format(type, &word, got, sizeof(got)),
			 strlen(text));
	assert_string_equal(got, text);
}

static void values_format_as_people_write_them(void **state)
{
	(void)state;
	assert_formats(MEMRW_TYPE_I8, 0x80, "-128");
	assert_formats(MEMRW_TYPE_U8, 0x80, "128");
	assert_formats(MEMRW_TYPE_I64, UINT64_MAX, "-1");
	assert_formats(MEMRW_TYPE_U64, UINT64_MAX, "18446744073709551615");
	assert_formats(MEMRW_TYPE_PTR, 0x7ffd0000, "0x7ffd0000");
	assert_formats(MEMRW_TYPE_F32, 0x3dcccccd, "0.1");
	assert_formats(MEMRW_TYPE_F64, UINT64_C(0x3fb999999999999a), "0.1");
	assert_formats(MEMRW_TYPE_F64, UINT64_C(0x3fd3333333333334),
		       "0.30000000000000004");
	assert_formats(MEMRW_TYPE_F64, UINT64_C(0xfff0000000000000), "-inf");
	assert_formats(MEMRW_TYPE_F64, UINT64_C(0x7ff8000000000000), "nan");
	assert_formats(MEMRW_TYPE_F64, UINT64_C(0xffffffffffffffff),
		       "-nan(0xfffffffffffff)");
}

static void formatting_needs_room_and_a_number(void **state)
{
	uint64_t word = 0;
	char text[32];

	(void)state;
	assert_int_equal(memrw_value_format(MEMRW_TYPE_U8, &word, text, 2), 1);
	errno = 0;
	assert_int_equal(memrw_value_format(MEMRW_TYPE_U8, &word, text, 1), -1);
	assert_int_equal(errno, ENOBUFS);
	errno = 0;
	assert_int_equal(memrw_value_format(MEMRW_TYPE_STR, &word, text, 32), -1);
	assert_int_equal(errno, EINVAL);
}

static void assert_goes_both_ways(enum memrw_type type, uint64_t word)
{
	size_t size = memrw_type_size(type);
	uint64_t back = word;
	char text[32];

	assert_true(memrw_value_format(type, &word, text, sizeof(text)) > 0);
	memset(&back, 0xa5, size);
	assert_int_equal(memrw_value_parse(type, text, &back, size), size);
	assert_memory_equal(&back, &word, size);
}

static void every_value_comes_back_from_its_text(void **state)
{
	static const uint64_t edges[] = {
		0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffff, 0x800000,
		0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0xff800000,
		0xffffffff, UINT64_C(0x7fefffffffffffff),
		UINT64_C(0x7ff0000000000001), UINT64_C(0x000fffffffffffff),
		UINT64_C(0xfff8000000000000), UINT64_MAX,
	};
	uint64_t word = 88172645463325252u;

	(void)state;
	for (size_t t = 0; t < COUNT(numbers); t++) {
		for (size_t i = 0; i < COUNT(edges); i++)
			assert_goes_both_ways(numbers[t], edges[i]);
		for (int i = 0; i < 2000; i++) {
			/* Marsaglia's xorshift: any bits will do. */
			word ^= word << 13;
			word ^= word >> 7;
			word ^= word << 17;
			assert_goes_both_ways(numbers[t], word);
		}
	}
}

/* The machine may have no locale but C: make one that has a decimal comma. */
static void enter_comma_locale(void)
{
	static const char make[] =
		"cd \"$LOCPATH\" && printf '%s\\n' LC_NUMERIC 'decimal_point \",\"' "
		"'thousands_sep \"\"' 'grouping -1' 'END LC_NUMERIC' >source && "
		"localedef -c -i source ./comma 2>/dev/null; test -e comma/LC_NUMERIC";
	static char directory[] = "/tmp/memrw-unit-XXXXXX";

	/* The virtual machine has none. */
	if (system("command -v localedef >/dev/null"))
		skip();
	assert_non_null(mkdtemp(directory));
	setenv("LOCPATH", directory, 1);
	assert_int_equal(system(make), 0);
	assert_non_null(setlocale(LC_NUMERIC, "comma"));
	assert_string_equal(localeconv()->decimal_point, ",");
}

static int leave_comma_locale(void **state)
{
	(void)state;
	setlocale(LC_NUMERIC, "C");
	return getenv("LOCPATH") ? system("rm -r \"$LOCPATH\"") : 0;
}

static void floating_point_does_not_heed_the_locale(void **state)
{
	(void)state;
	enter_comma_locale();
	assert_formats(MEMRW_TYPE_F64, UINT64_C(0x3fb999999999999a), "0.1");
	assert_parses(MEMRW_TYPE_F32, "0.5", 0x3f000000);
	assert_refused(MEMRW_TYPE_F32, "0,5", EINVAL);
	assert_string_equal(localeconv()->decimal_point, ",");
}

static void hexadecimal_text_gives_bytes(void **state)
{
	static const uint8_t expected[] = { 0xde, 0xad, 0xbe, 0xef };
	uint8_t buffer[4];

	(void)state;
	assert_int_equal(memrw_hex_parse(" de\tAD bEef\n", buffer, 4), 4);
	assert_memory_equal(buffer, expected, 4);
	assert_int_equal(memrw_hex_parse("", buffer, 0), 0);
	assert_int_equal(memrw_hex_parse(" ", buffer, 0), 0);
}

static void bad_hexadecimal_text_is_refused(void **state)
{
	static const char *const texts[] = {
		"d", "dea", "d e", "0x12", "zz", "1z", "12,34", "12-",
	};
	uint8_t buffer[8];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		errno = 0;
		assert_int_equal(memrw_hex_parse(texts[i], buffer, 8), -1);
		assert_int_equal(errno, EINVAL);
	}
	errno = 0;
	assert_int_equal(memrw_hex_parse("001122", buffer, 2), -1);
	assert_int_equal(errno, ENOBUFS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_has_a_name_that_parses_back),
		cmocka_unit_test(an_unknown_type_is_refused),
		cmocka_unit_test(a_type_has_the_size_its_name_says),
		cmocka_unit_test(whole_numbers_parse_in_three_bases),
		cmocka_unit_test(a_number_past_its_type_is_out_of_range),
		cmocka_unit_test(text_that_is_no_number_is_refused),
		cmocka_unit_test(floating_point_parses_as_strtod),
		cmocka_unit_test(a_string_is_its_bytes_without_a_nul),
		cmocka_unit_test(a_value_that_does_not_fit_the_buffer_is_refused),
		cmocka_unit_test(values_format_as_people_write_them),
		cmocka_unit_test(formatting_needs_room_and_a_number),
		cmocka_unit_test(every_value_comes_back_from_its_text),
		cmocka_unit_test_teardown(floating_point_does_not_heed_the_locale,
					  leave_comma_locale),
		cmocka_unit_test(hexadecimal_text_gives_bytes),
		cmocka_unit_test(bad_hexadecimal_text_is_refused),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
