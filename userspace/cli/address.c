// SPDX-License-Identifier: GPL-2.0-only
/*
 * ADDRESS of the command line, and what is wrong with one.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "command.h"
#include "report.h"
#include "target.h"

/* Characters, as the locale has them, in the first bytes of a text. */
static size_t count_characters(const char *text, size_t length)
{
	mbstate_t state = { 0 };
	size_t count = 0;

	for (size_t done = 0; done < length; count++) {
		size_t bytes = mbrlen(text + done, length - done, &state);

		if (bytes == 0 || bytes > length - done) {
			memset(&state, 0, sizeof(state));
			bytes = 1;
		}
		done += bytes;
	}
	return count;
}

/* For a person who looks: scripts get one line. */
static void point(const char *text, size_t column)
{
	if (!isatty(STDERR_FILENO))
		return;
	report_note("  %s", text);
	report_note("  %*s", (int)column, "^");
}

static int report_address(const struct options *options, const char *text,
			  int error, size_t column)
{
	const char *why = memrw_address_error();

	if (error == EINVAL || error == ERANGE)
		return report_usage(options->subcommand,
				    "ADDRESS '%s': %s (at column %zu)", text, why, column);
	report(text, "%s (at column %zu)", why, column);
	return STATUS_FAILED;
}

int target_address(const struct options *options, struct memrw_target *target,
		   const char *text, uint64_t *address)
{
	int error, status;
	size_t column;

	if (memrw_address_resolve(target, text, address) == 0)
		return STATUS_DONE;
	error = errno;
	column = 1 + count_characters(text, memrw_address_error_position());
	status = report_address(options, text, error, column);
	point(text, column);
	return status;
}
