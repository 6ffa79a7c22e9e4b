// SPDX-License-Identifier: GPL-2.0-only
#include "lib/slab.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/figure.h"
#include "lib/report.h"

/* Objects that a processor has kept to itself count as used until it gives them back. */
static void shrink_caches(void)
{
	DIR *directory = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[320];

	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		figure_set(path, "1");
	}
	closedir(directory);
}

/* What waits for a grace period, or for a worker of the kernel's, comes in the end. */
static void settle(void)
{
	for (int i = 0; i < 3; i++) {
		sync();
		figure_set("/proc/sys/vm/drop_caches", "3");
		clock_sleep(SECOND / 2);
	}
	shrink_caches();
}

static bool parse(const char *line, struct slab_cache *cache)
{
	return sscanf(line, "%63s %ld %*d %ld", cache->name, &cache->objects, &cache->size) == 3;
}

void slab_take(struct slab *slab)
{
	char line[512];
	FILE *file;

	settle();
	file = fopen("/proc/slabinfo", "re");
	slab->count = 0;
	while (file && slab->count < SLAB_CACHES && fgets(line, sizeof(line), file))
		slab->count += parse(line, &slab->caches[slab->count]);
	if (file)
		fclose(file);
	slab->kilobytes = figure("/proc/meminfo", "Slab");
}

static const struct slab_cache *find(const struct slab *slab, const char *name)
{
	for (size_t i = 0; i < slab->count; i++) {
		if (!strcmp(slab->caches[i].name, name))
			return &slab->caches[i];
	}
	return NULL;
}

static bool is_held_by_a_session(const char *name)
{
	return !strcmp(name, "mm_struct") || !strcmp(name, "pid");
}

bool slab_has_not_grown(const struct slab *before, const struct slab *after, long objects,
			long exact, long kilobytes)
{
	bool good = after->kilobytes - before->kilobytes <= kilobytes;

	report_note("slab: %ld kB before, %ld kB after", before->kilobytes, after->kilobytes);
	for (size_t i = 0; i < after->count; i++) {
		const struct slab_cache *cache = &after->caches[i];
		const struct slab_cache *was = find(before, cache->name);
		long grown = cache->objects - (was ? was->objects : 0);
		long limit = is_held_by_a_session(cache->name) ? exact : objects;

		if (grown > limit) {
			report_note("slab: %ld more objects of %s (%ld bytes each)", grown,
				    cache->name, cache->size);
			good = false;
		} else if (is_held_by_a_session(cache->name)) {
			report_note("slab: %s: %ld objects before, %ld after", cache->name,
				    cache->objects - grown, cache->objects);
		}
	}
	return good;
}
