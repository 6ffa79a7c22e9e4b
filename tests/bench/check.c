// SPDX-License-Identifier: GPL-2.0-only
#include "check.h"

#include <err.h>
#include <limits.h>
#include <string.h>

#include "area.h"

static void run(const struct way *way, const struct work *work)
{
	if (way->begin)
		way->begin();
	if (!way->run(work))
		err(1, "%s", way->names[work->direction]);
	if (way->end)
		way->end();
}

/* Of the target's: where the word comes from, or goes to, that is at @index in the buffer. */
static uintptr_t address_of(const struct work *work, size_t index)
{
	if (work->remote)
		return (uintptr_t)work->remote[index].iov_base;
	return (uintptr_t)work->area->start + index * sizeof(uint64_t);
}

static void check_read(const struct way *way, const struct work *work)
{
	const uint64_t *words = (uint64_t *)work->buffer;

	memset(work->buffer, 0xff, work_bytes(work));
	run(way, work);
	for (size_t i = 0; i < work_bytes(work) / sizeof(*words); i++) {
		if (words[i] != area_word(address_of(work, i)))
			errx(1, "%s: word %zu of %zu bytes is wrong", way->names[READ], i,
			     work_bytes(work));
	}
}

/* By the kernel's own way, which takes so many segments and no more. */
static void read_back(const struct work *work)
{
	struct work part = *work;

	part.direction = READ;
	for (size_t i = 0; i < work->segments; i += part.segments) {
		part.segments = work->segments - i < IOV_MAX ? work->segments - i : IOV_MAX;
		part.local = work->local ? work->local + i : NULL;
		part.remote = work->remote ? work->remote + i : NULL;
		run(&ways[WAY_PROCESS_VM], &part);
	}
}

static void check_write(const struct way *way, const struct work *work)
{
	static uint64_t number;
	uint64_t *words = (uint64_t *)work->buffer, first = number;

	for (size_t i = 0; i < work_bytes(work) / sizeof(*words); i++)
		words[i] = number++;
	run(way, work);
	memset(work->buffer, 0xff, work_bytes(work));
	read_back(work);
	for (size_t i = 0; i < work_bytes(work) / sizeof(*words); i++) {
		if (words[i] != first + i)
			errx(1, "%s: word %zu of %zu bytes is wrong", way->names[WRITE], i,
			     work_bytes(work));
	}
}

void check_way(const struct way *way, const struct work *work)
{
	if (work->direction == READ)
		check_read(way, work);
	else
		check_write(way, work);
}
