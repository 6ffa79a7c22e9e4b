/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the user of the viewer has changed, to be undone and done again.
 */
#ifndef CLI_VIEW_EDITS_H
#define CLI_VIEW_EDITS_H

#include <stddef.h>
#include <stdint.h>

#define VIEW_EDIT_BYTES	8

/** struct view_edit - bytes that were written */
struct view_edit {
	uint64_t address;
	size_t length;
	uint8_t before[VIEW_EDIT_BYTES];
	uint8_t after[VIEW_EDIT_BYTES];
};

/**
 * struct view_edits - all of them
 * @list: in the order in which they were made
 * @count: how many, with those that were undone
 * @done: how many of them hold
 */
struct view_edits {
	struct view_edit *list;
	size_t count;
	size_t done;
};

/**
 * view_edits_add() - one more, after which nothing is there to be done again
 *
 * Return: 0, or -1 with ENOMEM.
 */
int view_edits_add(struct view_edits *edits, const struct view_edit *edit);

/** view_edits_last() - the one to be undone; NULL if there is none */
const struct view_edit *view_edits_last(const struct view_edits *edits);

/** view_edits_next() - the one to be done again; NULL if there is none */
const struct view_edit *view_edits_next(const struct view_edits *edits);

/** view_edits_undone() - view_edits_last() has been */
void view_edits_undone(struct view_edits *edits);

/** view_edits_redone() - view_edits_next() has been done again */
void view_edits_redone(struct view_edits *edits);

/** view_edits_clear() - free what it holds */
void view_edits_clear(struct view_edits *edits);

#endif /* CLI_VIEW_EDITS_H */
