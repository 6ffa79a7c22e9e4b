// SPDX-License-Identifier: LGPL-2.1-or-later
/* /proc/PID/maps, as text and as regions. */
#include "maps.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int mrw_maps_open(struct mrw_maps *maps, int proc_dir)
{
	maps->fd = openat(proc_dir, "maps", O_RDONLY | O_CLOEXEC);
	if (maps->fd < 0)
		return -1;
	pthread_mutex_init(&maps->lock, NULL);
	return 0;
}

void mrw_maps_close(struct mrw_maps *maps)
{
	pthread_mutex_destroy(&maps->lock);
	close(maps->fd);
}

struct text {
	char *bytes;
	size_t used;
	size_t size;
};

static int text_reserve(struct text *text)
{
	size_t size = text->size ? text->size * 2 : 16384;
	char *bytes;

	/* Room for a NUL remains. */
	if (text->size - text->used > 4096)
		return 0;
	bytes = realloc(text->bytes, size);
	if (!bytes)
		return -1;
	text->bytes = bytes;
	text->size = size;
	return 0;
}

static int text_read(struct text *text, int fd)
{
	ssize_t got;

	do {
		if (text_reserve(text) < 0)
			return -1;
		got = pread(fd, text->bytes + text->used,
			    text->size - text->used - 1, text->used);
		if (got < 0)
			return -1;
		text->used += got;
	} while (got);
	text->bytes[text->used] = '\0';
	return 0;
}

int mrw_snapshot_take(struct mrw_snapshot *snapshot, struct mrw_maps *maps)
{
	struct text text = { 0 };
	int ret;

	pthread_mutex_lock(&maps->lock);
	ret = text_read(&text, maps->fd);
	pthread_mutex_unlock(&maps->lock);
	if (ret < 0) {
		free(text.bytes);
		return -1;
	}

	snapshot->text = text.bytes;
	snapshot->next = text.bytes;
	if (text.used)
		return 1;
	mrw_snapshot_drop(snapshot);
	return 0;
}

void mrw_snapshot_drop(struct mrw_snapshot *snapshot)
{
	free(snapshot->text);
	snapshot->text = NULL;
	snapshot->next = NULL;
}

/*
 * The kernel writes a newline in a path as \012, and a backslash as itself,
 * so a file whose name holds the four characters \012 comes out wrong here.
 */
static void unescape(char *name)
{
	char *in = name, *out = name;

	while (*in) {
		if (!strncmp(in, "\\012", 4)) {
			*out++ = '\n';
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
}

static uint32_t parse_properties(const char *perms)
{
	return (perms[0] == 'r' ? MEMRW_REGION_READ : 0) |
	       (perms[1] == 'w' ? MEMRW_REGION_WRITE : 0) |
	       (perms[2] == 'x' ? MEMRW_REGION_EXEC : 0) |
	       (perms[3] == 's' ? MEMRW_REGION_SHARED : 0);
}

bool mrw_maps_parse(char *line, struct memrw_region *region)
{
	char perms[5], *name;
	int name_at = -1;

	if (sscanf(line,
		   "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %" SCNx32
		   ":%" SCNx32 " %" SCNu64 "%n",
		   &region->start, &region->end, perms, &region->offset,
		   &region->device_major, &region->device_minor, &region->inode,
		   &name_at) != 7 ||
	    strlen(perms) != 4)
		return false;

	name = line + name_at;
	name += strspn(name, " ");
	unescape(name);
	region->name = name;
	region->properties = parse_properties(perms);
	return true;
}

/* The gate page of x86: the kernel shows it to all, it is nobody's memory. */
static bool is_vsyscall(const struct memrw_region *region)
{
	return region->start > INT64_MAX;
}

bool mrw_snapshot_next(struct mrw_snapshot *snapshot, struct memrw_region *region)
{
	char *line, *end;

	while (*snapshot->next) {
		line = snapshot->next;
		end = line + strcspn(line, "\n");
		snapshot->next = *end ? end + 1 : end;
		*end = '\0';
		if (mrw_maps_parse(line, region) && !is_vsyscall(region))
			return true;
	}
	return false;
}

bool mrw_snapshot_seek(struct mrw_snapshot *snapshot, uint64_t address,
		       struct memrw_region *region)
{
	while (mrw_snapshot_next(snapshot, region))
		if (region->end > address)
			return true;
	return false;
}
