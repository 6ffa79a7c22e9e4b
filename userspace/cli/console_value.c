// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "console_value.h"

static int no_match(const struct console *console, uint64_t number)
{
	return console_complain(console, 1, "there is no match %" PRIu64, number);
}

int console_position(const struct console *console, uint64_t *position)
{
	const struct console_scan *scan = console_scan(console);
	uint64_t number = 0;
	int status = console_number(console, 1, &number);
	int64_t found;

	if (status)
		return status;
	found = number > INT64_MAX ? -1 : numbering_position(&scan->numbering, number);
	if (found < 0 || (uint64_t)found >= memrw_scan_count(scan->scan))
		return no_match(console, number);
	*position = found;
	return STATUS_DONE;
}

int console_match(const struct console *console, unsigned int flags,
		  struct memrw_scan_iter **iter, struct memrw_scan_match *match)
{
	uint64_t position = 0;
	int status = console_position(console, &position), more;

	if (status)
		return status;
	*iter = memrw_scan_iter_open(console_scan(console)->scan, position, flags);
	more = *iter ? memrw_scan_iter_next(*iter, match) : -1;
	if (more > 0)
		return STATUS_DONE;
	status = more < 0 ? console_fail(console, "%s", console_reason(errno)) :
			    no_match(console, numbering_number(&console_scan(console)->numbering,
							       position));
	memrw_scan_iter_close(*iter);
	return status;
}

/* A TYPE is looked for only where there are several: "set 0 i32" is a string else. */
static int take_type(const struct console *console, struct console_value *value)
{
	unsigned int types = memrw_scan_types(console_scan(console)->scan), type;
	const char *word = console_word(console, 2);

	if (!(types & (types - 1)) || console->line->count < 4)
		return STATUS_DONE;
	if (memrw_scan_types_parse(word, &type) < 0 || (type & (type - 1)) || !(type & types))
		return console_complain(console, 2, "'%.40s' is not a type of this scan", word);
	value->type = type;
	value->word = 3;
	return STATUS_DONE;
}

int console_value_take(const struct console *console, struct console_value *value)
{
	int status;

	*value = (struct console_value){ .word = 2 };
	status = take_type(console, value);
	if (status)
		return status;
	value->text = console_line_join(console->line, value->word);
	return value->text ? STATUS_DONE : console_fail(console, "%s", strerror(errno));
}

void console_value_clear(struct console_value *value)
{
	free(value->text);
}

unsigned int console_value_type(const struct console_value *value,
				const struct memrw_scan_match *match)
{
	return value->type ? value->type : match_type(match->types);
}

ssize_t console_value_encode(const struct console *console,
			     const struct console_value *value,
			     const struct memrw_scan_match *match, char *bytes, int *status)
{
	const struct match_view view = {
		.big_endian = memrw_scan_big_endian(console_scan(console)->scan),
	};
	unsigned int type = console_value_type(value, match);
	ssize_t length = match_encode(&view, type, value->text, bytes, MEMRW_SCAN_LENGTH_MAX);

	if (length > 0 && (size_t)length <= match->length)
		return length;
	if (length == 0)
		*status = console_complain(console, value->word, "the value is empty");
	else if (length > 0 || errno == ENOBUFS)
		*status = console_complain(console, value->word,
					   "the value is longer than the match, which has %zu bytes",
					   match->length);
	else
		*status = console_complain(console, value->word, errno == ERANGE ?
					   "'%.40s' does not fit type %s" : "'%.40s' is not of type %s",
					   value->text, match_types_name(type));
	return -1;
}
