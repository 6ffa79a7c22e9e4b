// SPDX-License-Identifier: GPL-2.0-only
#include "area.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>

#define HUGE_SIZE	(2UL << 20)

const char *const pages_names[PAGES] = { [BASE] = "base", [HUGE] = "huge" };

/* Nothing else may be in the same mapping, nor in its first and last huge page. */
static uint8_t *map_aligned(size_t length)
{
	size_t slack = 2 * HUGE_SIZE;
	uint8_t *map = mmap(NULL, length + slack, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t *start;

	if (map == MAP_FAILED)
		err(1, "mmap");
	start = (uint8_t *)(((uintptr_t)map + HUGE_SIZE) & ~(HUGE_SIZE - 1));
	if (mprotect(start, length, PROT_READ | PROT_WRITE) < 0)
		err(1, "mprotect");
	return start;
}

void area_reserve(struct area *area, enum pages pages, size_t length)
{
	area->pages = pages;
	area->length = length;
	area->start = map_aligned(length);
	if (madvise(area->start, length, pages == HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) < 0)
		err(1, "madvise");
}

/* No two words of an area are the same. */
uint64_t area_word(uintptr_t address)
{
	return address * 0x9e3779b97f4a7c15;
}

void area_fill(const struct area *area)
{
	uint64_t *words = (uint64_t *)area->start;

	for (size_t i = 0; i < area->length / sizeof(*words); i++)
		words[i] = area_word((uintptr_t)&words[i]);
}

/* From the lines of one mapping in smaps; -1 if it is not this one. */
static long long huge_bytes(FILE *smaps, const struct area *area)
{
	bool inside = false;
	uintptr_t start, end;
	long long kibibytes;
	char line[512];

	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
			inside = start == (uintptr_t)area->start && end - start == area->length;
		if (inside && sscanf(line, "AnonHugePages: %lld kB", &kibibytes) == 1)
			return kibibytes * 1024;
	}
	return -1;
}

void area_check(const struct area *area, pid_t owner)
{
	long long expected = area->pages == HUGE ? area->length : 0, found;
	char path[32];
	FILE *smaps;

	snprintf(path, sizeof(path), "/proc/%d/smaps", owner);
	smaps = fopen(path, "re");
	if (!smaps)
		err(1, "%s", path);
	found = huge_bytes(smaps, area);
	fclose(smaps);
	if (found != expected)
		errx(1, "%s: of the area in %s pages, %lld bytes are in huge ones, not %lld",
		     path, pages_names[area->pages], found, expected);
}
