// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID/smaps: any lines are regions, one a line at most. */
#include "smaps.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *rest = text, *line;
	struct smaps smaps = { 0 };
	size_t lines = 0;

	while ((line = strsep(&rest, "\n"))) {
		require(smaps_add(&smaps, line) == 0);
		require(smaps.count <= ++lines);
	}
	for (size_t i = 0; i < smaps.count; i++)
		smaps_find(&smaps, smaps.list[i].start);
	smaps_clear(&smaps);
	free(text);
	return 0;
}
