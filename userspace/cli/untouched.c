// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <fcntl.h>
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

/* Return: how many entries from the first on are of pages that are not there. */
static size_t count_absent(const uint64_t *entries, size_t count)
{
	size_t absent = 0;

	while (absent < count && !(entries[absent] & PRESENT_OR_SWAPPED))
		absent++;
	return absent;
}

uint64_t untouched_run(struct untouched *untouched, uint64_t address,
		       uint64_t length)
{
	static uint64_t entries[ENTRIES];
	uint64_t page = sysconf(_SC_PAGESIZE), run = 0;
	size_t wanted, absent;
	ssize_t got;

	/* Whole pages only, and what an offset of a file can tell. */
	if (untouched->pagemap < 0 || address % page || address > INT64_MAX)
		return 0;
	do {
		wanted = (length - run) / page < ENTRIES ? (length - run) / page : ENTRIES;
		got = pread(untouched->pagemap, entries, wanted * sizeof(*entries),
			    (address + run) / page * sizeof(*entries));
		if (got <= 0)
			break;
		absent = count_absent(entries, got / sizeof(*entries));
		run += absent * page;
	} while (absent == ENTRIES);
	return run;
}

void untouched_close(struct untouched *untouched)
{
	int error = errno;

	if (untouched->pagemap >= 0)
		close(untouched->pagemap);
	untouched->pagemap = -1;
	errno = error;
}
