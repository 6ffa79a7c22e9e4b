// SPDX-License-Identifier: GPL-2.0-only
#include "storm/disturb.h"

#include <err.h>
#include <sys/mman.h>

#include "lib/chance.h"
#include "lib/clock.h"
#include "storm/board.h"
#include "storm/zone.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

/* Where moved pages are for a while: out of all zones. */
#define AWAY		(AREA + 64 * ZONE_STRIDE)

struct stage {
	struct board *board;
	struct chance *chance;
	uint32_t id;
	struct range range;
};

static void linger(struct stage *stage)
{
	if (chance_one_in(stage->chance, 2))
		clock_sleep(chance_below(stage->chance, 500000));
}

static bool unmap(struct stage *stage)
{
	munmap(stage->range.words, stage->range.length);
	linger(stage);
	if (!zone_map(&stage->range))
		err(1, "mmap");
	zone_fill(&stage->range, stage->id);
	return true;
}

static bool protect(struct stage *stage, int protection)
{
	if (mprotect(stage->range.words, stage->range.length, protection))
		return false;
	linger(stage);
	if (mprotect(stage->range.words, stage->range.length,
		     zone_get(stage->range.kind)->protection))
		err(1, "mprotect");
	return true;
}

static bool protect_none(struct stage *stage)
{
	return protect(stage, PROT_NONE);
}

static bool protect_read(struct stage *stage)
{
	return protect(stage, PROT_READ);
}

static bool move_to(void *from, void *to, size_t length)
{
	return mremap(from, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}

/* Of a range in several regions none may be moved, or some. */
static bool move(struct stage *stage)
{
	struct range *range = &stage->range;
	void *away = (void *)(AWAY + ((uintptr_t)range->words - AREA));

	if (move_to(range->words, away, range->length)) {
		linger(stage);
		if (move_to(away, range->words, range->length))
			return true;
	}
	munmap(away, range->length);
	unmap(stage);
	return false;
}

static bool advise(struct stage *stage, int advice)
{
	return madvise(stage->range.words, stage->range.length, advice) == 0;
}

static bool refill(struct stage *stage)
{
	zone_fill(&stage->range, stage->id);
	return true;
}

static bool drop(struct stage *stage, int advice)
{
	bool done = advise(stage, advice);

	linger(stage);
	if (chance_one_in(stage->chance, 2))
		refill(stage);
	return done;
}

static bool dontneed(struct stage *stage)
{
	return drop(stage, MADV_DONTNEED);
}

static bool free_lazily(struct stage *stage)
{
	return drop(stage, MADV_FREE);
}

static bool remove_pages(struct stage *stage)
{
	return drop(stage, MADV_REMOVE);
}

static bool hugepage(struct stage *stage)
{
	return drop(stage, MADV_HUGEPAGE);
}

static bool nohugepage(struct stage *stage)
{
	return advise(stage, MADV_NOHUGEPAGE);
}

static bool collapse(struct stage *stage)
{
	advise(stage, MADV_HUGEPAGE);
	return advise(stage, MADV_COLLAPSE);
}

static bool mergeable(struct stage *stage)
{
	return advise(stage, MADV_MERGEABLE);
}

static bool unmergeable(struct stage *stage)
{
	return advise(stage, MADV_UNMERGEABLE);
}

static bool pageout(struct stage *stage)
{
	return advise(stage, MADV_PAGEOUT);
}

static bool check(struct stage *stage)
{
	zone_check(stage->board, &stage->range, stage->id);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct stage *stage);
	bool optional;
} disturbances[] = {
	[UNMAP] = { "munmap", unmap, false },
	[PROTECT_NONE] = { "mprotect(NONE)", protect_none, false },
	[PROTECT_READ] = { "mprotect(READ)", protect_read, false },
	[MOVE] = { "mremap", move, false },
	[DONTNEED] = { "DONTNEED", dontneed, false },
	[FREE] = { "FREE", free_lazily, false },
	[REMOVE] = { "REMOVE", remove_pages, false },
	[HUGEPAGE] = { "HUGEPAGE", hugepage, true },
	[NOHUGEPAGE] = { "NOHUGEPAGE", nohugepage, true },
	[COLLAPSE] = { "COLLAPSE", collapse, true },
	[MERGEABLE] = { "MERGEABLE", mergeable, true },
	[UNMERGEABLE] = { "UNMERGEABLE", unmergeable, true },
	[PAGEOUT] = { "PAGEOUT", pageout, false },
	[REFILL] = { "refill", refill, false },
	[CHECK] = { "look", check, false },
	[CLONE] = { "clone", NULL, false },
	[FORK] = { "fork", NULL, false },
	[EXEC] = { "execve", NULL, false },
	[EXEC_BY_THREAD] = { "execve of a thread", NULL, false },
	[LEADER_ENDS] = { "end of the first thread", NULL, false },
	[EXIT] = { "exit", NULL, false },
	[KILL] = { "SIGKILL", NULL, false },
};

const char *disturb_name(enum disturbance disturbance)
{
	return disturbances[disturbance].name;
}

bool disturb_is_optional(enum disturbance disturbance)
{
	return disturbances[disturbance].optional;
}

static enum zone_kind zone_of_thread(struct chance *chance, unsigned int thread)
{
	enum zone_kind kind;

	do
		kind = chance_below(chance, ZONES);
	while (zone_get(kind)->thread != thread);
	return kind;
}

void disturb(struct board *board, struct chance *chance, uint32_t id, unsigned int thread)
{
	enum disturbance number = chance_below(chance, MEMORY_DISTURBANCES);
	struct stage stage = {
		.board = board,
		.chance = chance,
		.id = id,
		.range = zone_part(zone_of_thread(chance, thread), chance),
	};

	if (disturbances[number].run(&stage))
		atomic_fetch_add(&board->disturbances[number], 1);
}
