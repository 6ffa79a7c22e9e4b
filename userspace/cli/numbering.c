// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>
#include <string.h>

#include "numbering.h"

/* How many removed numbers are less than @number. */
static size_t removed_below(const struct numbering *numbering, uint64_t number)
{
	size_t low = 0, high = numbering->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (numbering->removed[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int numbering_remove(struct numbering *numbering, uint64_t number)
{
	size_t at = removed_below(numbering, number);
	uint64_t *removed = reallocarray(numbering->removed, numbering->count + 1,
					 sizeof(*removed));

	if (!removed)
		return -1;
	memmove(removed + at + 1, removed + at, (numbering->count - at) * sizeof(*removed));
	removed[at] = number;
	numbering->removed = removed;
	numbering->count++;
	return 0;
}

int64_t numbering_position(const struct numbering *numbering, uint64_t number)
{
	size_t below = removed_below(numbering, number);

	if (below < numbering->count && numbering->removed[below] == number)
		return -1;
	return number - below;
}

uint64_t numbering_number(const struct numbering *numbering, uint64_t position)
{
	for (size_t i = 0; i < numbering->count && numbering->removed[i] <= position; i++)
		position++;
	return position;
}

void numbering_clear(struct numbering *numbering)
{
	free(numbering->removed);
	*numbering = (struct numbering){ 0 };
}
