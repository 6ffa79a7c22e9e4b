// SPDX-License-Identifier: GPL-2.0-only
#include "lib/maps.h"

#include <inttypes.h>

#include <linux/memrw.h>

#include "lib/test.h"

static uint32_t properties_of(const char *text)
{
	return (text[0] == 'r' ? MEMRW_REGION_READ : 0) |
	       (text[1] == 'w' ? MEMRW_REGION_WRITE : 0) |
	       (text[2] == 'x' ? MEMRW_REGION_EXEC : 0) |
	       (text[3] == 's' ? MEMRW_REGION_SHARED : 0);
}

/* The file escapes a newline, and nothing else. */
static void unescape(char *to, size_t size, const char *from)
{
	char *end = to + size - 1;

	while (*from && *from != '\n' && to < end) {
		if (!strncmp(from, "\\012", 4)) {
			*to++ = '\n';
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

static void parse(const char *line, struct map_entry *entry)
{
	char properties[8];
	int name = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64 " %n",
		   &entry->start, &entry->end, properties, &entry->offset, &entry->major,
		   &entry->minor, &entry->inode, &name) != 7)
		fail_msg("what is this line of maps: %s", line);
	entry->properties = properties_of(properties);
	unescape(entry->name, sizeof(entry->name), line + name);
}

struct map_entry *maps_read(pid_t pid, size_t *count)
{
	struct map_entry *entries = NULL;
	char path[32], *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	*count = 0;
	while (getline(&line, &size, file) > 0) {
		entries = realloc(entries, (*count + 1) * sizeof(*entries));
		assert_non_null(entries);
		parse(line, &entries[*count]);
		if (strcmp(entries[*count].name, "[vsyscall]"))
			++*count;
	}
	free(line);
	fclose(file);
	return entries;
}

bool maps_find(pid_t pid, const char *name, struct map_entry *entry)
{
	size_t count;
	struct map_entry *entries = maps_read(pid, &count);
	bool found = false;

	for (size_t i = 0; i < count && !found; i++) {
		found = !strcmp(entries[i].name, name);
		if (found)
			*entry = entries[i];
	}
	free(entries);
	return found;
}
