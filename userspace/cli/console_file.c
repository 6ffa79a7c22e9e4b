// SPDX-License-Identifier: GPL-2.0-only
/*
 * Matches to a file, and back.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "console_commands.h"

static int fail(const struct console *console, int error)
{
	return console_fail(console, "%.200s: %s", console_word(console, 1), strerror(error));
}

int console_save(struct console *console)
{
	int fd = open(console_word(console, 1), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int result, error;

	if (fd < 0)
		return fail(console, errno);
	result = memrw_scan_save(console_scan(console)->scan, fd);
	error = errno;
	if (close(fd) < 0 && result == 0) {
		result = -1;
		error = errno;
	}
	return result < 0 ? fail(console, error) : console_show_count(console);
}

static int explain(const struct console *console, int error)
{
	if (error == EBUSY)
		return console_fail(console, "the search has begun: 'reset' ends it");
	if (error == EBADMSG)
		return console_fail(console, "%.200s: it is not a list of matches",
				    console_word(console, 1));
	return console_fail(console, "%.200s: %s", console_word(console, 1),
			    console_reason(error));
}

static void show_missing(struct console *console, uint64_t missing)
{
	console_set(console, "missing", json_integer(missing));
	if (missing > 0 && !console->json)
		printf("%" PRIu64 " of the file are not in the target's memory\n", missing);
}

int console_load(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	int fd = open(console_word(console, 1), O_RDONLY | O_CLOEXEC), result, error;
	uint64_t missing = 0;

	if (fd < 0)
		return fail(console, errno);
	result = memrw_scan_load(scan->scan, fd, &missing);
	error = errno;
	close(fd);
	if (result < 0)
		return explain(console, error);
	numbering_clear(&scan->numbering);
	show_missing(console, missing);
	return console_show_count(console);
}
