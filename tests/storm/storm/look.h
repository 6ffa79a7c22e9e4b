/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what was read may be what the target has.
 */
#ifndef LOOK_H
#define LOOK_H

#include <stddef.h>
#include <stdint.h>

#include "storm/actor.h"

/* What a call has read: pieces of the target's memory, whole words. */
#define PIECES	48

struct piece {
	uint64_t address;
	const uint64_t *words;
	size_t count;
};

struct seen {
	struct piece pieces[PIECES];
	size_t count;
};

void seen_add(struct seen *seen, uint64_t address, const uint64_t *words, size_t count);

/*
 * @id: of the memory that was read; 0 where that is not known, so that it is
 * that of any target.  A word that nobody's memory has, and, with an id, one of
 * another's, is a failure.
 */
void look_at(struct actor *actor, const struct seen *seen, uint32_t id, const char *how);

#endif
