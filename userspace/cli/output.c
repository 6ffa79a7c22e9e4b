// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "report.h"

static int fail(int error)
{
	static bool reported;

	if (!reported)
		report("standard output", "%s", strerror(error));
	reported = true;
	return -1;
}

int output_write(const void *bytes, size_t length)
{
	/* Many bytes go past the buffer: no later flush tells of their failure. */
	if (fwrite(bytes, 1, length, stdout) < length)
		return fail(errno);
	return output_flush();
}

int output_flush(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return fail(errno ? errno : EIO);
}
