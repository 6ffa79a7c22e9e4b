// SPDX-License-Identifier: GPL-2.0-only
#include "guard.h"

#include <string.h>

#include "zone.h"

/* What a batch may change: of each segment the buffer and the result. */
#define RANGES	1024

#define BUFFER_PAGES	4
#define STRUCT_PAGES	1
#define SEGMENT_PAGES	3
#define PAGES		(BUFFER_PAGES + STRUCT_PAGES + SEGMENT_PAGES)

struct range {
	uint64_t start;
	uint64_t length;
};

static struct range ranges[RANGES];
static size_t range_count;
static bool all_allowed;
static bool hidden[PAGES];
/* Kept from call to call: to copy is dear, and most calls change nothing. */
static uint8_t before[PAGES][ZONE_PAGE];

static uint8_t *page_at(unsigned int page)
{
	if (page < BUFFER_PAGES)
		return (uint8_t *)caller_zones[ZONE_BUFFER].start + page * ZONE_PAGE;
	page -= BUFFER_PAGES;
	if (page < STRUCT_PAGES)
		return (uint8_t *)caller_zones[ZONE_STRUCT].start + page * ZONE_PAGE;
	page -= STRUCT_PAGES;
	return (uint8_t *)caller_zones[ZONE_SEGMENTS].start + page * ZONE_PAGE;
}

void guard_hide_page(unsigned int page)
{
	hidden[page % BUFFER_PAGES] = true;
}

/* No pointer that leads anywhere, and no length that is small. */
void guard_fill(void)
{
	for (unsigned int page = 0; page < PAGES; page++)
		memset(page_at(page), page < PAGES - SEGMENT_PAGES ? 0xa5 : 0, ZONE_PAGE);
	for (unsigned int page = 0; page < PAGES; page++)
		memcpy(before[page], page_at(page), ZONE_PAGE);
	memset(hidden, 0, sizeof(hidden));
}

void guard_begin(void)
{
	range_count = 0;
	all_allowed = false;
}

void guard_placed(uintptr_t address)
{
	for (unsigned int page = 0; page < PAGES; page++)
		if ((uintptr_t)page_at(page) == address)
			memcpy(before[page], page_at(page), ZONE_PAGE);
}

void guard_allow(uint64_t start, uint64_t length)
{
	/* To the end of all addresses, and not around it. */
	if (length > UINT64_MAX - start)
		length = UINT64_MAX - start;
	if (range_count == RANGES)
		all_allowed = true;
	else
		ranges[range_count++] = (struct range){ start, length };
}

void guard_allow_all(void)
{
	all_allowed = true;
}

bool guard_allows(uint64_t start, uint64_t length)
{
	for (size_t i = 0; i < range_count; i++)
		if (start < ranges[i].start + ranges[i].length && ranges[i].start < start + length)
			return true;
	return all_allowed;
}

/* Byte by byte, where there is a difference. */
static uintptr_t find_wrong(unsigned int page)
{
	const uint8_t *now = page_at(page);

	for (size_t i = 0; i < ZONE_PAGE && !all_allowed; i++)
		if (now[i] != before[page][i] && !guard_allows((uintptr_t)&now[i], 1))
			return (uintptr_t)&now[i];
	return 0;
}

uintptr_t guard_end(void)
{
	uintptr_t wrong = 0;

	for (unsigned int page = 0; page < PAGES && !wrong; page++) {
		if (hidden[page] || !memcmp(page_at(page), before[page], ZONE_PAGE))
			continue;
		wrong = find_wrong(page);
		memcpy(before[page], page_at(page), ZONE_PAGE);
	}
	return wrong;
}
