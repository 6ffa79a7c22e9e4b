// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "view_prompt.h"

void view_prompt_set(struct view_prompt *prompt, const char *text)
{
	snprintf(prompt->text, sizeof(prompt->text), "%s", text);
	prompt->length = strlen(prompt->text);
	prompt->cursor = prompt->length;
}

void view_prompt_insert(struct view_prompt *prompt, const char *bytes, size_t length)
{
	char *here = prompt->text + prompt->cursor;

	if (length >= sizeof(prompt->text) - prompt->length)
		return;
	memmove(here + length, here, prompt->length - prompt->cursor + 1);
	memcpy(here, bytes, length);
	prompt->length += length;
	prompt->cursor += length;
}

/* Bytes of the character at an offset; 1 of what is none, 0 at the end. */
static size_t character_at(const struct view_prompt *prompt, size_t at)
{
	size_t left = prompt->length - at, bytes;
	mbstate_t state = { 0 };

	if (left == 0)
		return 0;
	bytes = mbrlen(prompt->text + at, left, &state);
	return bytes == 0 || bytes > left ? 1 : bytes;
}

/* Bytes of the character before the cursor. */
static size_t character_before(const struct view_prompt *prompt)
{
	size_t at = 0, next = 0;

	while (next < prompt->cursor) {
		at = next;
		next += character_at(prompt, at);
	}
	return prompt->cursor - at;
}

static void erase(struct view_prompt *prompt, size_t bytes)
{
	char *here = prompt->text + prompt->cursor;

	memmove(here - bytes, here, prompt->length - prompt->cursor + 1);
	prompt->length -= bytes;
	prompt->cursor -= bytes;
}

void view_prompt_erase(struct view_prompt *prompt)
{
	if (prompt->cursor > 0)
		erase(prompt, character_before(prompt));
}

void view_prompt_erase_all(struct view_prompt *prompt)
{
	erase(prompt, prompt->cursor);
}

void view_prompt_move(struct view_prompt *prompt, int step)
{
	if (step > 0)
		prompt->cursor += character_at(prompt, prompt->cursor);
	else if (prompt->cursor > 0)
		prompt->cursor -= character_before(prompt);
}
