// SPDX-License-Identifier: LGPL-2.1-or-later
/* Ranges of addresses: kept apart and rising, in whatever order they come. */
#include "region_filter.h"

#include <stdlib.h>
#include <string.h>

static int make_room(struct mrw_ranges *list)
{
	size_t room = list->room ? 2 * list->room : 16;
	struct mrw_range *ranges;

	if (list->count < list->room)
		return 0;
	ranges = reallocarray(list->ranges, room, sizeof(*ranges));
	if (!ranges)
		return -1;
	list->ranges = ranges;
	list->room = room;
	return 0;
}

int mrw_ranges_add(struct mrw_ranges *list, uint64_t start, uint64_t end)
{
	struct mrw_range *ranges;
	size_t at, behind;

	if (make_room(list) < 0)
		return -1;
	ranges = list->ranges;
	for (at = list->count; at > 0 && ranges[at - 1].end >= start; at--)
		;
	for (behind = at; behind < list->count && ranges[behind].start <= end; behind++) {
		if (ranges[behind].start < start)
			start = ranges[behind].start;
		if (ranges[behind].end > end)
			end = ranges[behind].end;
	}
	/* Those from at to behind are part of the new one. */
	memmove(&ranges[at + 1], &ranges[behind], (list->count - behind) * sizeof(*ranges));
	ranges[at] = (struct mrw_range){ start, end };
	list->count = list->count + 1 - (behind - at);
	return 0;
}
