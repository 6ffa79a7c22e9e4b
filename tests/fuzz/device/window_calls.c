// SPDX-License-Identifier: GPL-2.0-only
#include "window_calls.h"

#include <errno.h>
#include <sys/mman.h>

#include "touch.h"
#include "zone.h"

#define WINDOW_SIZE	(WINDOW_PAGES * ZONE_PAGE)

static uint8_t *window_at(uint64_t window, uint64_t page)
{
	return (uint8_t *)caller_zones[ZONE_WINDOWS].start + window % WINDOWS * WINDOW_SIZE +
	       page % WINDOW_PAGES * ZONE_PAGE;
}

/* Bytes, from @page on, that are a window's. */
static size_t length_of(uint64_t page, uint64_t pages)
{
	uint64_t left = WINDOW_PAGES - page % WINDOW_PAGES;

	return (pages < left ? pages : left) * ZONE_PAGE;
}

static long errno_of(long ret)
{
	return ret < 0 ? -errno : ret;
}

/* One that is too long for its place goes anywhere, and at once. */
long call_mmap(struct run *run, const uint64_t *args)
{
	int flags = args[4] & ~(MAP_FIXED | MAP_ANONYMOUS);
	bool fits = args[2] <= WINDOW_SIZE;
	void *at = mmap(fits ? window_at(args[1], 0) : NULL, args[2], args[3],
			flags | (fits ? MAP_FIXED : 0), *run_slot(run, args[0]), args[5]);

	if (at == MAP_FAILED)
		return -errno;
	if (!fits)
		munmap(at, args[2]);
	if (!(flags & MAP_SHARED))
		run_fail(run, "mmap: a window is private");
	if (args[3] & PROT_EXEC)
		run_fail(run, "mmap: a window is executable");
	return 0;
}

long call_window(struct run *run, const uint64_t *args)
{
	const uint64_t to_mmap[] = {
		args[0], args[1], WINDOW_SIZE, args[3], MAP_SHARED,
		target_zones[args[2] % TARGET_ZONES].start,
	};

	return call_mmap(run, to_mmap);
}

long call_load(struct run *run, const uint64_t *args)
{
	(void)run;
	return touch((uint64_t *)window_at(args[0], args[1]), false);
}

long call_store(struct run *run, const uint64_t *args)
{
	(void)run;
	return touch((uint64_t *)window_at(args[0], args[1]), true);
}

long call_unmap(struct run *run, const uint64_t *args)
{
	(void)run;
	return errno_of(munmap(window_at(args[0], args[1]), length_of(args[1], args[2])));
}

long call_move(struct run *run, const uint64_t *args)
{
	size_t length = length_of(args[1], args[2]);
	void *to = mremap(window_at(args[0], args[1]), length, length,
			  MREMAP_MAYMOVE | MREMAP_FIXED, window_at(args[3], 0));

	(void)run;
	return to == MAP_FAILED ? -errno : 0;
}

long call_protect_window(struct run *run, const uint64_t *args)
{
	(void)run;
	return errno_of(mprotect(window_at(args[0], args[1]), length_of(args[1], args[2]),
				 args[3]));
}

long call_advise(struct run *run, const uint64_t *args)
{
	(void)run;
	return errno_of(madvise(window_at(args[0], args[1]), length_of(args[1], args[2]),
				args[3]));
}

void windows_unmap(void)
{
	munmap((void *)caller_zones[ZONE_WINDOWS].start, caller_zones[ZONE_WINDOWS].length);
}
