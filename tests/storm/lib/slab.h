/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel has allocated for itself, cache by cache.
 */
#ifndef SLAB_H
#define SLAB_H

#include <stdbool.h>
#include <stddef.h>

#define SLAB_CACHES	512

struct slab_cache {
	char name[64];
	long objects;
	long size;		/* of one, bytes */
};

struct slab {
	struct slab_cache caches[SLAB_CACHES];
	size_t count;
	long kilobytes;		/* overall */
};

/*
 * After what is only kept in case of need was given up.  Without caches where the
 * kernel does not tell of each.
 */
void slab_take(struct slab *slab);

/*
 * Has no cache grown by more than @objects, and all by no more than @kilobytes?
 * The caches of what a session holds, mm_struct and pid, get no more than @exact.
 * Notes which have.
 */
bool slab_has_not_grown(const struct slab *before, const struct slab *after, long objects,
			long exact, long kilobytes);

#endif
