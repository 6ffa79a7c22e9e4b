/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Places that the viewer comes back to: bookmarks, and where jumps began.
 */
#ifndef CLI_VIEW_PLACES_H
#define CLI_VIEW_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIEW_MARKS	26
#define VIEW_JUMPS	64

/**
 * struct view_places - the places
 * @marks: by letter
 * @marked: which there are
 * @jumps: the last jumps' beginnings
 * @jump_count: how many
 */
struct view_places {
	uint64_t marks[VIEW_MARKS];
	bool marked[VIEW_MARKS];
	uint64_t jumps[VIEW_JUMPS];
	size_t jump_count;
};

/** view_places_mark() - set a bookmark; false if it is not a letter, a to z */
bool view_places_mark(struct view_places *places, int letter, uint64_t address);

/** view_places_find() - a bookmark; false if there is none of the letter */
bool view_places_find(const struct view_places *places, int letter, uint64_t *address);

/** view_places_list() - the letters that are set, "abx"; @text: of VIEW_MARKS + 1 */
void view_places_list(const struct view_places *places, char *text);

/** view_places_push() - a jump begins here; of too many, the oldest is forgotten */
void view_places_push(struct view_places *places, uint64_t address);

/** view_places_pop() - back to where the last jump began; false if there was none */
bool view_places_pop(struct view_places *places, uint64_t *address);

#endif /* CLI_VIEW_PLACES_H */
