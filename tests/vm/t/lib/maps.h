/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/PID/maps, taken apart. */
#ifndef MAPS_H
#define MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct map_entry {
	uint64_t start, end, offset, inode;
	uint32_t properties;	/* MEMRW_REGION_* */
	uint32_t major, minor;
	char name[4200];	/* "" for none; a newline in it is one */
};

/* All but the vsyscall page; to be freed.  Fails the test if it cannot be read. */
struct map_entry *maps_read(pid_t pid, size_t *count);

bool maps_find(pid_t pid, const char *name, struct map_entry *entry);

#endif
