// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID/maps: any text is regions, one a line at most. */
#include "maps.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static size_t lines_of(const char *text)
{
	size_t lines = 1;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	struct mrw_snapshot snapshot = { .text = text, .next = text };
	size_t lines = lines_of(text), regions = 0, length = strlen(text);
	struct memrw_region region;

	while (mrw_snapshot_next(&snapshot, &region)) {
		require(region.name >= text && region.name + strlen(region.name) <= text + length);
		require(region.properties <= 15);
		require(++regions <= lines);
	}
	require(snapshot.next == text + strlen(snapshot.next) || !*snapshot.next);
	free(text);
	return 0;
}
