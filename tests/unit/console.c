// SPDX-License-Identifier: GPL-2.0-only
/* The language of "memrw scan", and what it shows while it works. */
#include "support/unit.h"
#include "condition.h"
#include "console_complete.h"
#include "console_history.h"
#include "console_line.h"
#include "match.h"
#include "numbering.h"
#include "progress.h"

#include <string.h>
#include <unistd.h>

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static struct console_error error;

/* The first command of a text, its words with "|" between. */
static void expect_words(const char *text, const char *expected)
{
	struct console_text at = console_text_begin(text);
	struct console_line line;
	char words[256] = "";

	assert_int_equal(console_line_next(&at, &line, &error), 1);
	for (size_t i = 0; i < line.count; i++) {
		strcat(words, i ? "|" : "");
		strcat(words, line.words[i].text);
	}
	assert_string_equal(words, expected);
	console_line_clear(&line);
}

static void a_command_is_split_at_blanks(void **state)
{
	(void)state;
	expect_words("= 100", "=|100");
	expect_words("  =\t100  \n", "=|100");
}

static void quotes_keep_blanks_and_stand_for_bytes(void **state)
{
	(void)state;
	expect_words("= \"a b\"", "=|a b");
	expect_words("= 'a;b#\\n'", "=|a;b#\\n");
	expect_words("= \"\\\"\\\\\\n\\t\\x41\\xFf\"", "=|\"\\\n\tA\xff");
	expect_words("=\"x\"y'z'", "=xyz");
	expect_words("= ''", "=|");
	expect_words("a #b", "a");
	expect_words("a#b", "a#b");
}

static void commands_end_at_semicolons_and_lines(void **state)
{
	struct console_text at = console_text_begin("a;b c # d;e\n ;f");
	static const size_t counts[] = { 1, 2, 0, 1 }, lines[] = { 1, 1, 2, 2 };
	struct console_line line;

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		assert_int_equal(console_line_next(&at, &line, &error), 1);
		assert_int_equal(line.count, counts[i]);
		assert_int_equal(line.line, lines[i]);
		console_line_clear(&line);
	}
	assert_int_equal(console_line_next(&at, &line, &error), 0);
}

static void a_bad_quote_is_refused_where_it_is(void **state)
{
	static const struct { const char *text; size_t line, column; } cases[] = {
		{ "= \"abc", 1, 3 }, { "= 'a\nb'", 1, 3 }, { "= \"\\q\"", 1, 5 },
		{ "= \"\\x4\"", 1, 5 }, { "= \"\\x00\"", 1, 5 }, { "= \"\\", 1, 5 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct console_text at = console_text_begin(cases[i].text);
		struct console_line line;

		assert_int_equal(console_line_next(&at, &line, &error), -1);
		assert_int_equal(error.line, cases[i].line);
		assert_int_equal(error.column, cases[i].column);
		assert_true(error.why[0]);
		assert_null(line.words);
	}
}

/* Return: as condition_parse(). */
static int parse(const char *text, struct condition *condition, struct console_line *line)
{
	struct console_text at = console_text_begin(text);

	assert_int_equal(console_line_next(&at, line, &error), 1);
	return condition_parse(condition, line, &error);
}

static void expect_condition(const char *text, enum memrw_scan_op op, const char *value,
			     size_t column)
{
	struct condition condition;
	struct console_line line;

	assert_int_equal(parse(text, &condition, &line), 0);
	assert_int_equal(condition.op, op);
	if (value)
		assert_string_equal(condition.value, value);
	else
		assert_null(condition.value);
	assert_int_equal(condition.column, column);
	condition_clear(&condition);
	console_line_clear(&line);
}

static void an_operator_takes_the_rest_as_its_value(void **state)
{
	(void)state;
	expect_condition("= 100", MEMRW_SCAN_EQ, "100", 3);
	expect_condition("=100", MEMRW_SCAN_EQ, "100", 2);
	expect_condition("==100", MEMRW_SCAN_EQ, "100", 3);
	expect_condition("!= 5", MEMRW_SCAN_NE, "5", 4);
	expect_condition("<-3", MEMRW_SCAN_LT, "-3", 2);
	expect_condition("> 3", MEMRW_SCAN_GT, "3", 3);
	expect_condition("= de ad  ?? ef", MEMRW_SCAN_EQ, "de ad ?? ef", 3);
	expect_condition("=de ad", MEMRW_SCAN_EQ, "de ad", 2);
	expect_condition("= =x", MEMRW_SCAN_EQ, "=x", 3);
	expect_condition("?", MEMRW_SCAN_UNKNOWN, NULL, 1);
}

static void what_compares_with_before(void **state)
{
	(void)state;
	expect_condition("changed", MEMRW_SCAN_CHANGED, NULL, 1);
	expect_condition("unchanged", MEMRW_SCAN_UNCHANGED, NULL, 1);
	expect_condition("increased", MEMRW_SCAN_INCREASED, NULL, 1);
	expect_condition("increased 2", MEMRW_SCAN_INCREASED_BY, "2", 11);
	expect_condition("decreased 0x10", MEMRW_SCAN_DECREASED_BY, "0x10", 11);
	expect_condition("+2", MEMRW_SCAN_INCREASED_BY, "2", 2);
	expect_condition("- 2.5", MEMRW_SCAN_DECREASED_BY, "2.5", 3);
	expect_condition("against old -2", MEMRW_SCAN_DECREASED_BY, "2", 14);
	expect_condition("points", MEMRW_SCAN_POINTS_INTO, NULL, 1);
}

static void a_range_has_two_ends(void **state)
{
	static const char *const cases[][3] = {
		{ "10..20", "10", "20" }, { "-5..-1", "-5", "-1" }, { "1...5", "1", ".5" },
		{ "0x10..0x20", "0x10", "0x20" }, { "+1..2", "+1", "2" }, { ".5..1", ".5", "1" },
	};
	struct condition condition;
	struct console_line line;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(parse(cases[i][0], &condition, &line), 0);
		assert_int_equal(condition.op, MEMRW_SCAN_RANGE);
		assert_string_equal(condition.value, cases[i][1]);
		assert_string_equal(condition.upper, cases[i][2]);
		condition_clear(&condition);
		console_line_clear(&line);
	}
}

static void a_bad_condition_is_refused_where_it_is(void **state)
{
	static const struct { const char *text; size_t column; } cases[] = {
		{ "=", 1 }, { "against", 1 }, { "against a", 9 }, { "against a = 5", 11 },
		{ "against a 1..2", 11 }, { "against a foo", 11 }, { "5..", 1 }, { "1..2 3", 6 },
		{ "?x", 1 }, { "? x", 3 }, { "changed x", 9 }, { "foo", 1 },
	};
	struct condition condition;
	struct console_line line;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(parse(cases[i].text, &condition, &line), -1);
		assert_int_equal(error.column, cases[i].column);
		assert_true(error.why[0]);
		assert_null(condition.value);
		console_line_clear(&line);
	}
}

static void numbers_stay_when_matches_are_removed(void **state)
{
	struct numbering numbering = { 0 };

	(void)state;
	assert_int_equal(numbering_position(&numbering, 7), 7);
	assert_int_equal(numbering_remove(&numbering, 3), 0);
	assert_int_equal(numbering_remove(&numbering, 1), 0);
	assert_int_equal(numbering_position(&numbering, 0), 0);
	assert_int_equal(numbering_position(&numbering, 1), -1);
	assert_int_equal(numbering_position(&numbering, 2), 1);
	assert_int_equal(numbering_position(&numbering, 3), -1);
	assert_int_equal(numbering_position(&numbering, 4), 2);
	for (uint64_t i = 0; i < 9; i++)
		assert_int_equal(numbering_position(&numbering, numbering_number(&numbering, i)), i);
	numbering_clear(&numbering);
	assert_int_equal(numbering_number(&numbering, 1), 1);
}

static void completion_knows_commands_and_their_words(void **state)
{
	struct completion completion;

	(void)state;
	assert_int_equal(completion_find(&completion, "unch"), 4);
	assert_int_equal(completion.count, 1);
	assert_string_equal(completion.words[0], "unchanged");
	assert_int_equal(completion_find(&completion, "= 5; endian b"), 1);
	assert_int_equal(completion.count, 1);
	assert_string_equal(completion.words[0], "big");
	completion_find(&completion, "help re");
	assert_int_equal(completion.count, 2);
	assert_int_equal(completion_common(&completion), 2);
	completion_find(&completion, "count x");
	assert_int_equal(completion.count, 0);
	completion_find(&completion, "");
	assert_true(completion.count > 20);
}

static void the_bar_tells_part_rate_and_time(void **state)
{
	char text[128];

	(void)state;
	progress_format(text, sizeof(text), 1ULL << 30, 4ULL << 30, 2000000000LL);
	assert_string_equal(text, "[#######                       ]  25%  512.0 MiB/s  6 s left");
	progress_format(text, sizeof(text), 0, 0, 0);
	assert_string_equal(text, "[##############################] 100%  0.0 B/s  0 s left");
}

static void a_value_is_encoded_at_its_width_and_order(void **state)
{
	const struct match_view big = { .big_endian = true }, little = { .big_endian = false };
	char bytes[16];

	(void)state;
	assert_int_equal(match_encode(&little, MEMRW_SCAN_TYPE(MEMRW_TYPE_I16), "258", bytes, 16), 2);
	assert_memory_equal(bytes, "\x02\x01", 2);
	assert_int_equal(match_encode(&big, MEMRW_SCAN_TYPE(MEMRW_TYPE_I16), "258", bytes, 16), 2);
	assert_memory_equal(bytes, "\x01\x02", 2);
	assert_int_equal(match_encode(&big, MEMRW_SCAN_STR16, "a", bytes, 16), 2);
	assert_memory_equal(bytes, "\0a", 2);
	assert_int_equal(match_encode(&little, MEMRW_SCAN_STR16, "\xc3\xa9", bytes, 16), 2);
	assert_memory_equal(bytes, "\xe9\0", 2);
	assert_int_equal(match_encode(&little, MEMRW_SCAN_STR16, "\xff", bytes, 16), -1);
	assert_int_equal(match_encode(&little, MEMRW_SCAN_BYTES, "de ad", bytes, 16), 2);
	assert_int_equal(match_encode(&little, MEMRW_SCAN_TYPE(MEMRW_TYPE_U8), "256", bytes, 16), -1);
	assert_int_equal(match_type(MEMRW_SCAN_ANY_INT), MEMRW_SCAN_TYPE(MEMRW_TYPE_I64));
	assert_string_equal(match_types_name(MEMRW_SCAN_ANY_NUMBER), "number");
}

static void history_has_a_path_where_it_can(void **state)
{
	char directory[] = "/tmp/memrw-unit-XXXXXX", expected[64], *path;

	(void)state;
	assert_non_null(mkdtemp(directory));
	setenv("XDG_STATE_HOME", directory, 1);
	path = history_path();
	snprintf(expected, sizeof(expected), "%s/memrw/history", directory);
	assert_string_equal(path, expected);
	free(path);
	snprintf(expected, sizeof(expected), "%s/memrw", directory);
	assert_int_equal(rmdir(expected), 0);
	rmdir(directory);
	setenv("XDG_STATE_HOME", "/proc/none", 1);
	assert_null(history_path());
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_null(history_path());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_split_at_blanks),
		cmocka_unit_test(quotes_keep_blanks_and_stand_for_bytes),
		cmocka_unit_test(commands_end_at_semicolons_and_lines),
		cmocka_unit_test(a_bad_quote_is_refused_where_it_is),
		cmocka_unit_test(an_operator_takes_the_rest_as_its_value),
		cmocka_unit_test(what_compares_with_before),
		cmocka_unit_test(a_range_has_two_ends),
		cmocka_unit_test(a_bad_condition_is_refused_where_it_is),
		cmocka_unit_test(numbers_stay_when_matches_are_removed),
		cmocka_unit_test(completion_knows_commands_and_their_words),
		cmocka_unit_test(the_bar_tells_part_rate_and_time),
		cmocka_unit_test(a_value_is_encoded_at_its_width_and_order),
		cmocka_unit_test(history_has_a_path_where_it_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
