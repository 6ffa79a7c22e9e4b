// SPDX-License-Identifier: GPL-2.0-only

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "pagemap.h"
#include "untouched.h"

#define PRESENT_OR_SWAPPED	(PAGEMAP_PRESENT | PAGEMAP_SWAPPED)

#define ENTRIES	4096

/* Private memory of no file: what it has no page for is zeros. */
static bool is_anonymous(const struct part *part)
{
	if (part->properties & MEMRW_REGION_SHARED)
		return false;
	return part->name[0] == '\0' || strcmp(part->name, "[heap]") == 0 ||
	       strcmp(part->name, "[stack]") == 0 ||
	       strncmp(part->name, "[anon:", strlen("[anon:")) == 0;
}

void untouched_open(struct untouched *untouched, struct memrw_target *target,
		    const struct part *part)
{
	untouched->pagemap = is_anonymous(part) ? pagemap_open(target) : -1;
}

/* Return: how many entries from the first on are of pages that are there, or not. */
static size_t count_alike(const uint64_t *entries, size_t count, bool present)
{
	size_t alike = 0;

	while (alike < count && !!(entries[alike] & PRESENT_OR_SWAPPED) == present)
		alike++;
	return alike;
}

/* Whole pages only. */
static bool can_tell(const struct untouched *untouched, uint64_t address)
{
	return untouched->pagemap >= 0 && address % sysconf(_SC_PAGESIZE) == 0;
}

static uint64_t find_run(const struct untouched *untouched, uint64_t address,
			 uint64_t length, bool present)
{
	static uint64_t entries[ENTRIES];
	uint64_t page = sysconf(_SC_PAGESIZE), run = 0;
	size_t wanted, alike;

	do {
		wanted = (length - run) / page < ENTRIES ? (length - run) / page : ENTRIES;
		alike = count_alike(entries, pagemap_read(untouched->pagemap, address + run,
							  entries, wanted), present);
		run += alike * page;
	} while (alike == ENTRIES);
	return run;
}

uint64_t untouched_run(struct untouched *untouched, uint64_t address,
		       uint64_t length)
{
	return can_tell(untouched, address) ? find_run(untouched, address, length, false) : 0;
}

uint64_t untouched_next(struct untouched *untouched, uint64_t address,
			uint64_t length)
{
	uint64_t run = can_tell(untouched, address) ?
		       find_run(untouched, address, length, true) : 0;

	return run > 0 ? run : length;
}

void untouched_close(struct untouched *untouched)
{
	pagemap_close(untouched->pagemap);
	untouched->pagemap = -1;
}
