// SPDX-License-Identifier: GPL-2.0-only
/* The language of "memrw scan": commands, words, conditions, and where errors are. */
#include "condition.h"
#include "console_line.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static void check_error(const struct console_error *error, const char *text)
{
	require(error->line >= 1 && error->line <= strlen(text) + 1);
	require(error->column >= 1 && error->column <= strlen(text) + 1);
	require(error->why[0] && memchr(error->why, '\0', sizeof(error->why)));
}

static void check_condition(const struct console_line *line, const char *text)
{
	struct condition condition;
	struct console_error error = { 0 };

	if (line->count)
		condition_begins(line->words[0].text);
	if (condition_parse(&condition, line, &error) < 0) {
		check_error(&error, text);
		return;
	}
	require(condition.column >= 1 && condition.column <= strlen(text));
	require(!condition.value == (condition.op == MEMRW_SCAN_UNKNOWN ||
				     condition.op == MEMRW_SCAN_POINTS_INTO ||
				     (condition.op >= MEMRW_SCAN_CHANGED &&
				      condition.op <= MEMRW_SCAN_DECREASED)));
	require(!condition.upper == (condition.op != MEMRW_SCAN_RANGE));
	condition_clear(&condition);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *joined;
	struct console_text at = console_text_begin(text);
	struct console_error error = { 0 };
	struct console_line line;
	int more;

	while ((more = console_line_next(&at, &line, &error)) > 0) {
		require(at.next > text && at.next <= text + strlen(text));
		check_condition(&line, text);
		joined = console_line_join(&line, 0);
		require(joined && strlen(joined) <= strlen(text));
		free(joined);
		console_line_clear(&line);
	}
	if (more < 0)
		check_error(&error, text);
	free(text);
	return 0;
}
