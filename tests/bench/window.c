// SPDX-License-Identifier: GPL-2.0-only
#include "window.h"

#include <err.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "area.h"

#define LOADS		1000
#define PAGE		4096UL
#define SETUP_PAGES	1024UL

/* All of the area, once it has been looked through. */
static const uint8_t *window;
static volatile uint64_t sink;

/*
 * One value, again and again
 */

static bool load_again(const void *at)
{
	for (int i = 0; i < LOADS; i++)
		(void)*(const volatile uint64_t *)at;
	return true;
}

static bool load_by_window(const struct work *work)
{
	(void)work;
	return load_again(window);
}

static bool load_here(const struct work *work)
{
	return load_again(work->buffer);
}

/* A call of that way, which is of one value. */
static double cost_of_way(const struct pace *pace, enum way_id way, const struct work *work)
{
	return clock_measure(pace, &ways[way], work);
}

/*
 * All of it, once
 */

static bool sum(const void *memory, size_t length)
{
	const uint64_t *words = memory;
	uint64_t total = 0;

	for (size_t i = 0; i < length / sizeof(*words); i++)
		total += words[i];
	sink = total;
	return true;
}

static bool sum_by_window(const struct work *work)
{
	return sum(window, work->length);
}

static bool sum_here(const struct work *work)
{
	return sum(work->buffer, work->length);
}

static bool read_and_sum(const struct work *work)
{
	return ways[WAY_FILE].run(work) && sum(work->buffer, work->length);
}

/*
 * To have one and to end it
 */

static void *map(const struct work *work, size_t length, int flags)
{
	void *at = mmap(NULL, length, PROT_READ, MAP_SHARED | flags, ways_session(),
			(off_t)(uintptr_t)work->area->start);

	if (at == MAP_FAILED)
		err(1, "a window of %zu bytes", length);
	return at;
}

static bool map_and_touch(const struct work *work)
{
	uint8_t *at = map(work, SETUP_PAGES * PAGE, 0);

	for (size_t i = 0; i < SETUP_PAGES; i++)
		(void)*(volatile uint8_t *)(at + i * PAGE);
	return !munmap(at, SETUP_PAGES * PAGE);
}

static bool map_populated(const struct work *work)
{
	return !munmap(map(work, SETUP_PAGES * PAGE, MAP_POPULATE), SETUP_PAGES * PAGE);
}

static bool map_one_page(const struct work *work)
{
	uint8_t *at = map(work, PAGE, 0);

	(void)*(volatile uint8_t *)at;
	return !munmap(at, PAGE);
}

/* Whether any page of a window that was looked through is out of date. */
static bool sync_all(const struct work *work)
{
	struct memrw_sync_window sync = {
		.size = sizeof(sync),
		.address = (uintptr_t)window,
		.length = work->length,
	};

	return !ioctl(ways_session(), MEMRW_IOC_SYNC_WINDOW, &sync) && !sync.stale;
}

static double cost_of(const struct pace *pace, bool (*run)(const struct work *work),
		      const struct work *work)
{
	struct way way = { .names = { "a window", "a window" }, .run = run };

	return clock_measure(pace, &way, work);
}

void window_measure(struct window_row *rows, const struct pace *pace, const struct area *area,
		    uint8_t *buffer)
{
	const struct work word = work_transfer(READ, area, buffer, sizeof(uint64_t));
	const struct work page = work_transfer(READ, area, buffer, PAGE);
	const struct work whole = work_transfer(READ, area, buffer, area->length);
	double load, through, page_read;

	window = map(&whole, area->length, MAP_POPULATE);
	load = cost_of(pace, load_by_window, &word) / LOADS;
	through = cost_of(pace, sum_by_window, &whole);
	page_read = cost_of_way(pace, WAY_PROCESS_VM, &page);
	rows[0] = (struct window_row){ "a load", "one of own memory", 1.2, load,
				       cost_of(pace, load_here, &word) / LOADS };
	rows[1] = (struct window_row){ "a load", "pread of 8 B", 0.01, load,
				       cost_of_way(pace, WAY_FILE, &word) };
	rows[2] = (struct window_row){ "a load", "process_vm_readv of 8 B", 0.01, load,
				       cost_of_way(pace, WAY_PROCESS_VM, &word) };
	rows[3] = (struct window_row){ "the sum of all", "of own memory", 1.2, through,
				       cost_of(pace, sum_here, &whole) };
	rows[4] = (struct window_row){ "the sum of all", "read first, by pread", 0, through,
				       cost_of(pace, read_and_sum, &whole) };
	rows[8] = (struct window_row){ "a page, SYNC_WINDOW", "process_vm_readv of 4 KiB", 0,
				       cost_of(pace, sync_all, &whole) / (area->length / PAGE),
				       page_read };
	munmap((void *)(uintptr_t)window, area->length);
	rows[5] = (struct window_row){ "a page of 1024, touched", "process_vm_readv of 4 KiB", 1,
				       cost_of(pace, map_and_touch, &whole) / SETUP_PAGES, page_read };
	rows[6] = (struct window_row){ "a page of 1024, MAP_POPULATE", "process_vm_readv of 4 KiB", 1,
				       cost_of(pace, map_populated, &whole) / SETUP_PAGES, page_read };
	rows[7] = (struct window_row){ "one page, mapped and unmapped", "process_vm_readv of 4 KiB",
				       0, cost_of(pace, map_one_page, &whole), page_read };
}

double window_ratio(const struct window_row *row)
{
	return row->cost / row->other;
}
