/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bytes on the viewer's screen, and how long ago each has changed.
 */
#ifndef CLI_VIEW_BYTES_H
#define CLI_VIEW_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How much a change still stands out: from 0, just now, to not at all. */
#define VIEW_AGES	4

/**
 * struct view_bytes - the bytes
 * @address: of the first
 * @length: how many
 * @bytes: as they were seen last
 * @known: which of them could be read
 * @changed: when each was seen to change, by clock_now(); 0 for never
 */
struct view_bytes {
	uint64_t address;
	size_t length;
	uint8_t *bytes;
	bool *known;
	int64_t *changed;
};

/**
 * view_bytes_move() - from now on they are others; what is still among them is kept
 *
 * Return: 0, or -1 with ENOMEM, and all is as before.
 */
int view_bytes_move(struct view_bytes *bytes, uint64_t address, size_t length);

/**
 * view_bytes_see() - they have been read
 * @seen: as many bytes as there are
 * @known: which of them could be read
 * @now: clock_now()
 */
void view_bytes_see(struct view_bytes *bytes, const uint8_t *seen, const bool *known,
		    int64_t now);

/** view_bytes_age() - of the change of a byte: 0 to VIEW_AGES, at which it is forgotten */
int view_bytes_age(const struct view_bytes *bytes, size_t i, int64_t now);

/** view_bytes_has() - are all of these bytes there, and known? */
bool view_bytes_has(const struct view_bytes *bytes, uint64_t address, size_t length);

/** view_bytes_clear() - free what it holds */
void view_bytes_clear(struct view_bytes *bytes);

#endif /* CLI_VIEW_BYTES_H */
