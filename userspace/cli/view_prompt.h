/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of input at the bottom of the viewer.
 */
#ifndef CLI_VIEW_PROMPT_H
#define CLI_VIEW_PROMPT_H

#include <stddef.h>

#define VIEW_PROMPT_SIZE	256

/**
 * struct view_prompt - the line
 * @text: in the locale's characters, with a NUL
 * @length: bytes
 * @cursor: likewise, before it
 */
struct view_prompt {
	char text[VIEW_PROMPT_SIZE];
	size_t length;
	size_t cursor;
};

/** view_prompt_set() - begin with a text; the cursor is behind it */
void view_prompt_set(struct view_prompt *prompt, const char *text);

/** view_prompt_insert() - at the cursor; nothing where there is no room */
void view_prompt_insert(struct view_prompt *prompt, const char *bytes, size_t length);

/** view_prompt_erase() - the character before the cursor */
void view_prompt_erase(struct view_prompt *prompt);

/** view_prompt_erase_all() - all before the cursor */
void view_prompt_erase_all(struct view_prompt *prompt);

/** view_prompt_move() - the cursor, by a character to the left (-1) or right (1) */
void view_prompt_move(struct view_prompt *prompt, int step);

#endif /* CLI_VIEW_PROMPT_H */
