// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing matches: each value is written at its own width, and nothing beside it.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"
#include "progress.h"

/*
 * struct change - what to write, and what came of it
 * @type: one bit; 0: that which is shown of each match
 * @value: text
 * @word: number of its first word
 */
struct change {
	struct console *console;
	unsigned int type;
	const char *value;
	size_t word;
	uint64_t written;
	uint64_t failed;
	uint64_t failed_address;
	int error;
};

/* Return: bytes, or -1 after a report with @status. */
static ssize_t encode(struct change *change, const struct memrw_scan_match *match,
		      char *bytes, int *status)
{
	const struct match_view view = {
		.big_endian = memrw_scan_big_endian(console_scan(change->console)->scan),
	};
	unsigned int type = change->type ? change->type : match_type(match->types);
	const char *name = match_types_name(type);
	ssize_t length = match_encode(&view, type, change->value, bytes, MEMRW_SCAN_LENGTH_MAX);

	if (length > 0 && (size_t)length <= match->length)
		return length;
	if (length == 0)
		*status = console_complain(change->console, change->word, "the value is empty");
	else if (length > 0 || errno == ENOBUFS)
		*status = console_complain(change->console, change->word,
					   "the value is longer than the match, which has %zu bytes",
					   match->length);
	else
		*status = console_complain(change->console, change->word, errno == ERANGE ?
					   "'%.40s' does not fit type %s" : "'%.40s' is not of type %s",
					   change->value, name);
	return -1;
}

/* Return: 0 to go on, or the exit status after a report. */
static int write_match(struct change *change, const struct memrw_scan_match *match)
{
	char bytes[MEMRW_SCAN_LENGTH_MAX];
	int status = STATUS_DONE;
	ssize_t length = encode(change, match, bytes, &status), done;

	if (length < 0)
		return status;
	done = memrw_target_write(change->console->target, match->address, bytes, length,
				  change->console->flags);
	if (done == length) {
		change->written++;
		return STATUS_DONE;
	}
	if (change->failed++ == 0) {
		change->failed_address = match->address;
		change->error = done < 0 ? errno : EIO;
	}
	return STATUS_DONE;
}

static bool goes_on(const struct change *change, uint64_t limit)
{
	return change->written + change->failed < limit && !progress_interrupted() &&
	       change->error != ESRCH && change->error != ESTALE;
}

static int write_matches(struct change *change, uint64_t first, uint64_t limit)
{
	struct memrw_scan_iter *iter =
		memrw_scan_iter_open(console_scan(change->console)->scan, first, 0);
	struct memrw_scan_match match;
	int status = STATUS_DONE;

	if (!iter)
		return console_fail(change->console, "%s", strerror(errno));
	while (!status && goes_on(change, limit) && memrw_scan_iter_next(iter, &match) > 0)
		status = write_match(change, &match);
	memrw_scan_iter_close(iter);
	return status;
}

static int show_change(const struct change *change)
{
	struct console *console = change->console;

	console_set(console, "written", json_integer(change->written));
	if (!console->json)
		printf("%" PRIu64 " written\n", change->written);
	if (change->failed > 0)
		return console_fail(console, "%" PRIu64 " of %" PRIu64 " not written, at 0x%" PRIx64
				    " first: %s", change->failed, change->failed + change->written,
				    change->failed_address, console_reason(change->error));
	if (progress_interrupted())
		return console_fail(console, "interrupted");
	return STATUS_DONE;
}

/*
 * The command
 */

/* Return: 0, or the exit status after a report. */
static int find_match(const struct console *console, uint64_t *position)
{
	const struct console_scan *scan = console_scan(console);
	uint64_t number = 0;
	int status = console_number(console, 1, &number);
	int64_t found;

	if (status)
		return status;
	found = number > INT64_MAX ? -1 : numbering_position(&scan->numbering, number);
	if (found < 0 || (uint64_t)found >= memrw_scan_count(scan->scan))
		return console_complain(console, 1, "there is no match %" PRIu64, number);
	*position = found;
	return STATUS_DONE;
}

/* A TYPE is looked for only where there are several: "set 0 i32" is a string else. */
static int take_type(struct change *change)
{
	unsigned int types = memrw_scan_types(console_scan(change->console)->scan), type;

	change->word = 2;
	if (!(types & (types - 1)) || change->console->line->count < 4)
		return STATUS_DONE;
	if (memrw_scan_types_parse(console_word(change->console, 2), &type) < 0 ||
	    (type & (type - 1)) || !(type & types))
		return console_complain(change->console, 2, "'%.40s' is not a type of this scan",
					console_word(change->console, 2));
	change->type = type;
	change->word = 3;
	return STATUS_DONE;
}

static int write_value(struct change *change, uint64_t first, uint64_t limit)
{
	char *value = console_line_join(change->console->line, change->word);
	int status;

	if (!value)
		return console_fail(change->console, "%s", strerror(errno));
	change->value = value;
	status = write_matches(change, first, limit);
	free(value);
	return status ? status : show_change(change);
}

int console_set_value(struct console *console)
{
	struct change change = { .console = console };
	uint64_t first = 0, limit = UINT64_MAX;
	int status = STATUS_DONE;

	if (strcmp(console_word(console, 1), "all") != 0) {
		status = find_match(console, &first);
		limit = 1;
	}
	if (!status)
		status = take_type(&change);
	return status ? status : write_value(&change, first, limit);
}

int console_remove(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	struct memrw_scan_iter *iter;
	struct memrw_scan_match match;
	uint64_t position = 0, number;
	int status = find_match(console, &position), result = -1;

	if (status)
		return status;
	iter = memrw_scan_iter_open(scan->scan, position, 0);
	if (iter && memrw_scan_iter_next(iter, &match) > 0)
		result = memrw_scan_remove(scan->scan, match.address);
	number = numbering_number(&scan->numbering, position);
	if (result == 0)
		result = numbering_remove(&scan->numbering, number);
	memrw_scan_iter_close(iter);
	return result < 0 ? console_fail(console, "%s", strerror(errno)) :
			    console_show_count(console);
}
