// SPDX-License-Identifier: GPL-2.0-only
#include "repeat.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "target.h"
#include "way.h"

#define AREA_LENGTH	(4UL << 20)
#define LENGTH_MAX	(1UL << 20)
#define SEGMENTS_MAX	1024	/* of which each has its own page in the area */

static const struct {
	const char *name;
	enum direction direction;
	enum way_id way;
	size_t most;
} verbs[] = {
	{ "read", READ, WAY_FILE, LENGTH_MAX },
	{ "write", WRITE, WAY_FILE, LENGTH_MAX },
	{ "readv", READ, WAY_BATCH, SEGMENTS_MAX },
	{ "writev", WRITE, WAY_BATCH, SEGMENTS_MAX },
};

static _Noreturn void run(const struct way *way, const struct work *work)
{
	const struct way *other = &ways[WAY_PROCESS_VM];

	fputs("repeating\n", stderr);
	for (;;) {
		if (!way->run(work))
			err(1, "%s", way->names[work->direction]);
		if (!other->run(work))
			err(1, "%s", other->names[work->direction]);
	}
}

bool repeat(const char *verb, const char *text, enum pages pages)
{
	char *end;
	size_t amount = strtoul(text, &end, 0), i = 0;
	uint8_t *buffer;
	struct area area;

	while (i < sizeof(verbs) / sizeof(verbs[0]) && strcmp(verbs[i].name, verb))
		i++;
	if (i == sizeof(verbs) / sizeof(verbs[0]) || *end || !amount || amount > verbs[i].most)
		return false;
	area_reserve(&area, pages, AREA_LENGTH);
	ways_open(target_start(&area, 1), 4096);
	buffer = buffer_new(LENGTH_MAX);
	if (verbs[i].way == WAY_FILE) {
		struct work work = work_transfer(verbs[i].direction, &area, buffer, amount);

		run(&ways[WAY_FILE], &work);
	} else {
		struct work work = work_batch(verbs[i].direction, OWN_PAGE, &area, buffer, amount);

		run(&ways[WAY_BATCH], &work);
	}
}
