// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "untouched.h"

/* Of an entry: the page is in memory, or swapped out. */
#define PRESENT_OR_SWAPPED	(3ULL << 62)

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
	enum memrw_state state;
	char path[32];

	untouched->pagemap = -1;
	if (!is_anonymous(part))
		return;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", memrw_target_pid(target));
	untouched->pagemap = open(path, O_RDONLY | O_CLOEXEC);
	/* Another process may have the pid, or the process another memory. */
	if (untouched->pagemap >= 0 &&
	    (memrw_target_state(target, &state) < 0 || state != MEMRW_STATE_BOUND))
		untouched_close(untouched);
}

/* Return: how many entries from the first on are of pages that are there, or not. */
static size_t count_alike(const uint64_t *entries, size_t count, bool present)
{
	size_t alike = 0;

	while (alike < count && !!(entries[alike] & PRESENT_OR_SWAPPED) == present)
		alike++;
	return alike;
}

/* Whole pages only, and what an offset of a file can tell. */
static bool can_tell(const struct untouched *untouched, uint64_t address)
{
	return untouched->pagemap >= 0 && address % sysconf(_SC_PAGESIZE) == 0 &&
	       address <= INT64_MAX;
}

static uint64_t find_run(const struct untouched *untouched, uint64_t address,
			 uint64_t length, bool present)
{
	static uint64_t entries[ENTRIES];
	uint64_t page = sysconf(_SC_PAGESIZE), run = 0;
	size_t wanted, alike;
	ssize_t got;

	do {
		wanted = (length - run) / page < ENTRIES ? (length - run) / page : ENTRIES;
		got = pread(untouched->pagemap, entries, wanted * sizeof(*entries),
			    (address + run) / page * sizeof(*entries));
		if (got <= 0)
			break;
		alike = count_alike(entries, got / sizeof(*entries), present);
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
	int error = errno;

	if (untouched->pagemap >= 0)
		close(untouched->pagemap);
	untouched->pagemap = -1;
	errno = error;
}
