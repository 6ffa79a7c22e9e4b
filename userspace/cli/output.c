// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "report.h"

int output_flush(void)
{
	static bool reported;

	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	if (!reported)
		report("standard output", "%s", strerror(errno ? errno : EIO));
	reported = true;
	return -1;
}
