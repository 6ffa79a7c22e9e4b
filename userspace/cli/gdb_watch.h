/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watchpoints that the client has set.
 */
#ifndef CLI_GDB_WATCH_H
#define CLI_GDB_WATCH_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/* More than any machine has debug registers. */
#define GDB_WATCH_PIECES	16
#define GDB_WATCHES		16

/** struct gdb_piece - what one debug register can watch: a power of two, aligned */
struct gdb_piece {
	uint64_t address;
	size_t length;
};

/**
 * gdb_watch_split() - a range, in as few pieces as possible
 *
 * Return: how many; 0 if there are none, or too many.
 */
size_t gdb_watch_split(uint64_t address, uint64_t length,
		       struct gdb_piece pieces[GDB_WATCH_PIECES]);

/**
 * struct gdb_watch - one of the client's; @name is NULL where there is none
 * @name: of the stop that it leads to
 * @type: by which the client knows it: that of the packet
 * @address: as the client has it
 * @length: likewise
 * @count: of @watches
 * @watches: of its pieces
 * @pieces: where they are
 */
struct gdb_watch {
	const char *name;
	char type;
	uint64_t address;
	uint64_t length;
	size_t count;
	struct memrw_watch *watches[GDB_WATCH_PIECES];
	struct gdb_piece pieces[GDB_WATCH_PIECES];
};

struct gdb_watches {
	struct gdb_watch items[GDB_WATCHES];
};

/**
 * struct gdb_watch_stop - what a watch has seen
 * @name: of the client's watch
 * @address: of the piece that was hit
 * @hit: the last hit there was
 */
struct gdb_watch_stop {
	const char *name;
	uint64_t address;
	struct memrw_hit hit;
};

/**
 * gdb_watches_take() - all hits until now
 *
 * Return: false if there was none.
 */
bool gdb_watches_take(struct gdb_watches *watches, struct gdb_watch_stop *stop);

#define GDB_WATCH_POLLS	(GDB_WATCHES * GDB_WATCH_PIECES)

/** gdb_watches_poll() - what is readable when there are hits.  Return: how many. */
size_t gdb_watches_poll(const struct gdb_watches *watches, struct pollfd polls[GDB_WATCH_POLLS]);

/** gdb_watches_clear() - end all of them */
void gdb_watches_clear(struct gdb_watches *watches);

#endif /* CLI_GDB_WATCH_H */
