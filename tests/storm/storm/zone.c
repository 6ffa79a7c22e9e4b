// SPDX-License-Identifier: GPL-2.0-only
#include "storm/zone.h"

#include <err.h>
#include <sys/mman.h>
#include <unistd.h>

#include "storm/board.h"

static const struct zone zones[] = {
	[ZONE_PLAIN] = { 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0 },
	[ZONE_HUGE] = { 512, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 1 },
	[ZONE_SHARED] = { 16, PROT_READ | PROT_WRITE, MAP_SHARED, 2 },
	[ZONE_FILE] = { 16, PROT_READ | PROT_WRITE, MAP_PRIVATE, 2 },
	[ZONE_CONSTANT] = { 8, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, 0 },
};

/* Of this process, for the zones that have one. */
static int files[ZONES];

const struct zone *zone_get(enum zone_kind kind)
{
	return &zones[kind];
}

struct range zone_whole(enum zone_kind kind)
{
	return (struct range){ kind, (uint64_t *)zone_start(kind), zones[kind].pages * PAGE };
}

struct range zone_part(enum zone_kind kind, struct chance *chance)
{
	size_t first = chance_below(chance, zones[kind].pages);
	size_t most = zones[kind].pages - first;
	size_t pages = 1 + chance_below(chance, most < 16 ? most : 16);

	if (chance_one_in(chance, 4))
		return zone_whole(kind);
	return (struct range){ kind, (uint64_t *)(zone_start(kind) + first * PAGE),
			       pages * PAGE };
}

bool zone_map(const struct range *range)
{
	const struct zone *zone = &zones[range->kind];
	bool anonymous = zone->flags & MAP_ANONYMOUS;

	return mmap(range->words, range->length, zone->protection, zone->flags | MAP_FIXED,
		    anonymous ? -1 : files[range->kind],
		    anonymous ? 0 : (uintptr_t)range->words - zone_start(range->kind)) ==
	       range->words;
}

static void make_file(enum zone_kind kind)
{
	int fd = memfd_create("zone", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, zones[kind].pages * PAGE))
		err(1, "memfd_create");
	/* A child has files of its own. */
	if (files[kind] > 0)
		close(files[kind]);
	files[kind] = fd;
}

void zone_map_all(void)
{
	for (enum zone_kind kind = 0; kind < ZONES; kind++) {
		struct range range = zone_whole(kind);

		if (!(zones[kind].flags & MAP_ANONYMOUS))
			make_file(kind);
		if (!zone_map(&range))
			err(1, "a zone");
	}
}

void zone_fill(const struct range *range, uint32_t id)
{
	bool constant = !(zones[range->kind].protection & PROT_WRITE);

	if (constant && mprotect(range->words, range->length, PROT_READ | PROT_WRITE))
		err(1, "mprotect");
	word_fill(range->words, range->length / sizeof(*range->words), id,
		  (uintptr_t)range->words);
	if (constant && mprotect(range->words, range->length, PROT_READ))
		err(1, "mprotect");
}

static bool may_be_mine(uint64_t word, uint64_t address, uint32_t id)
{
	return !word || (word_is_valid(word, address) &&
			 (word_whose(word) == id || word_whose(word) == WORD_OF_ALL));
}

void zone_check(struct board *board, const struct range *range, uint32_t id)
{
	for (size_t i = 0; i < range->length / sizeof(*range->words); i++) {
		const volatile uint64_t *at = &range->words[i];
		uint64_t word = *at;

		if (!may_be_mine(word, (uintptr_t)at, id)) {
			board_fail(board, "target %u finds %#llx at %p of zone %u", id,
				   (unsigned long long)word, (void *)at, range->kind);
			return;
		}
	}
}
