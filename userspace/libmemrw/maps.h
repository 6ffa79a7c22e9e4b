/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MEMRW_MAPS_H
#define MEMRW_MAPS_H

#include "memrw.h"

#include <pthread.h>

/*
 * struct mrw_maps - /proc/PID/maps, opened
 * @fd: shows the address space that the process had when this was opened
 * @lock: one reading from start to end at a time: in between, the kernel
 *	remembers the next region of the descriptor by its address, and so
 *	skips and repeats nothing while the target changes
 */
struct mrw_maps {
	int fd;
	pthread_mutex_t lock;
};

int mrw_maps_open(struct mrw_maps *maps, int proc_dir);
void mrw_maps_close(struct mrw_maps *maps);

/*
 * struct mrw_snapshot - the regions at one time
 * @text: the lines; parsing cuts them up in place
 * @next: the first line that is yet to be parsed
 */
struct mrw_snapshot {
	char *text;
	char *next;
};

/* Returns 1, or 0 when the address space is gone, or -1 with errno. */
int mrw_snapshot_take(struct mrw_snapshot *snapshot, struct mrw_maps *maps);
void mrw_snapshot_drop(struct mrw_snapshot *snapshot);

/* The next region; its name lives as long as the snapshot. */
bool mrw_snapshot_next(struct mrw_snapshot *snapshot,
		       struct memrw_region *region);

/* The first region that ends behind @address; never goes back. */
bool mrw_snapshot_seek(struct mrw_snapshot *snapshot, uint64_t address,
		       struct memrw_region *region);

/* Parses one line, without its newline, and cuts it up. */
bool mrw_maps_parse(char *line, struct memrw_region *region);

#endif
