/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory at addresses that are the same in every run, so that the text of a
 * program says what it touches: the target's, of all kinds, and the caller's.
 */
#ifndef FUZZ_ZONE_H
#define FUZZ_ZONE_H

#include <stddef.h>
#include <stdint.h>

#define ZONE_PAGE	4096UL

/* Of the target, and mapped in the caller too, which may be its own target. */
enum target_zone {
	ZONE_BASE,	/* read and written before */
	ZONE_SHARED,
	ZONE_READ_ONLY,
	ZONE_NONE,	/* PROT_NONE */
	ZONE_FILE,	/* private */
	ZONE_FILE_SHARED,
	ZONE_HUGE,	/* in huge pages, if there are any */
	ZONE_SECRET,	/* memfd_secret(2) */
	ZONE_UNTOUCHED,
	ZONE_MEMFD,	/* untouched too */
	ZONE_EXECUTABLE,
	ZONE_HOLE,
	TARGET_ZONES
};

/* Of the caller alone.  Behind each there is a page that is not mapped. */
enum caller_zone {
	ZONE_BUFFER,
	ZONE_BUFFER_READ_ONLY,
	ZONE_STRUCT,	/* what an ioctl's pointer points to */
	ZONE_SEGMENTS,	/* the array of a batch */
	ZONE_CALLER_HOLE,
	ZONE_WINDOWS,	/* where windows are mapped, one behind the other */
	CALLER_ZONES
};

/* The windows' part of each, in pages. */
#define WINDOWS		4
#define WINDOW_PAGES	8

struct zone {
	uintptr_t start;
	size_t length;
};

extern const struct zone target_zones[TARGET_ZONES];
extern const struct zone caller_zones[CALLER_ZONES];

void zones_map_target(void);
void zones_map_caller(void);

/* As it was made: again, after a program may have changed it. */
void zone_map_buffer(void);

#endif
