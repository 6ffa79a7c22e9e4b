// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing matches: each value is written at its own width, and nothing beside it.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"
#include "console_value.h"
#include "progress.h"

/* struct change - what to write, and what came of it */
struct change {
	struct console *console;
	struct console_value value;
	uint64_t written;
	uint64_t failed;
	uint64_t failed_address;
	int error;
};

/* Return: 0 to go on, or the exit status after a report. */
static int write_match(struct change *change, const struct memrw_scan_match *match)
{
	char bytes[MEMRW_SCAN_LENGTH_MAX];
	int status = STATUS_DONE;
	ssize_t length = console_value_encode(change->console, &change->value, match, bytes,
					      &status);
	ssize_t done;

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

int console_set_value(struct console *console)
{
	struct change change = { .console = console };
	uint64_t first = 0, limit = UINT64_MAX;
	int status = STATUS_DONE;

	if (strcmp(console_word(console, 1), "all") != 0) {
		status = console_position(console, &first);
		limit = 1;
	}
	if (!status)
		status = console_value_take(console, &change.value);
	if (!status)
		status = write_matches(&change, first, limit);
	console_value_clear(&change.value);
	return status ? status : show_change(&change);
}

int console_remove(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	struct memrw_scan_iter *iter;
	struct memrw_scan_match match;
	uint64_t position = 0, number;
	int status = console_position(console, &position), result = -1;

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
