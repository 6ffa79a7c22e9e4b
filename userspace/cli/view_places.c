// SPDX-License-Identifier: GPL-2.0-only

#include <string.h>

#include "view_places.h"

bool view_places_mark(struct view_places *places, int letter, uint64_t address)
{
	if (letter < 'a' || letter > 'z')
		return false;
	places->marks[letter - 'a'] = address;
	places->marked[letter - 'a'] = true;
	return true;
}

bool view_places_find(const struct view_places *places, int letter, uint64_t *address)
{
	if (letter < 'a' || letter > 'z' || !places->marked[letter - 'a'])
		return false;
	*address = places->marks[letter - 'a'];
	return true;
}

void view_places_list(const struct view_places *places, char *text)
{
	for (int i = 0; i < VIEW_MARKS; i++) {
		if (places->marked[i])
			*text++ = 'a' + i;
	}
	*text = '\0';
}

void view_places_push(struct view_places *places, uint64_t address)
{
	if (places->jump_count == VIEW_JUMPS) {
		memmove(places->jumps, places->jumps + 1,
			(VIEW_JUMPS - 1) * sizeof(places->jumps[0]));
		places->jump_count--;
	}
	places->jumps[places->jump_count++] = address;
}

bool view_places_pop(struct view_places *places, uint64_t *address)
{
	if (places->jump_count == 0)
		return false;
	*address = places->jumps[--places->jump_count];
	return true;
}
