// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "view_watches.h"

/* How many hits are taken at once, and how often without an end to it. */
#define HITS	64
#define TURNS	1024

/* Room for hits between two looks; procfs has its own idea, and little memory for it. */
#define CAPACITY	8192

/*
 * Setting and removing
 */

static struct memrw_watch *set(struct memrw_target *target, const struct view_watch *watch)
{
	const struct memrw_watch_filter filter = {
		.capacity = memrw_target_backend(target) == MEMRW_BACKEND_DRIVER ? CAPACITY : 0,
	};

	return memrw_watch_open(target, watch->address, watch->length, watch->kind, &filter);
}

int view_watches_add(struct view_watches *watches, uint64_t address, size_t length,
		     enum memrw_watch_kind kind)
{
	struct view_watch watch = { .address = address, .length = length, .kind = kind };

	if (watches->count == VIEW_WATCHES) {
		errno = ENOSPC;
		return -1;
	}
	if (!watches->places)
		watches->places = code_places_open(watches->target);
	if (!watches->places)
		return -1;
	watch.watch = set(watches->target, &watch);
	if (!watch.watch)
		return -1;
	watch.counted_at = clock_now();
	watch.instructions.target = watches->target;
	watch.instructions.places = watches->places;
	watch.instructions.kind = kind;
	watches->list[watches->count++] = watch;
	return 0;
}

static bool is_in(const struct view_watch *watch, uint64_t address)
{
	return address - watch->address < watch->length;
}

bool view_watches_at(const struct view_watches *watches, uint64_t address)
{
	for (size_t i = 0; i < watches->count; i++) {
		if (is_in(&watches->list[i], address))
			return true;
	}
	return false;
}

static void close_watch(struct view_watch *watch)
{
	memrw_watch_close(watch->watch);
	instructions_clear(&watch->instructions);
}

bool view_watches_remove(struct view_watches *watches, uint64_t address)
{
	size_t i = 0;

	while (i < watches->count && !is_in(&watches->list[i], address))
		i++;
	if (i == watches->count)
		return false;
	close_watch(&watches->list[i]);
	watches->count--;
	memmove(&watches->list[i], &watches->list[i + 1],
		(watches->count - i) * sizeof(watches->list[0]));
	return true;
}

void view_watches_clear(struct view_watches *watches)
{
	for (size_t i = 0; i < watches->count; i++)
		close_watch(&watches->list[i]);
	watches->count = 0;
	code_places_close(watches->places);
	watches->places = NULL;
}

/*
 * Hits
 */

static void count_rate(struct view_watch *watch, int64_t now)
{
	uint64_t hits = watch->instructions.hits + watch->lost;

	if (now - watch->counted_at < SECOND)
		return;
	watch->rate = (hits - watch->counted) * (double)SECOND / (now - watch->counted_at);
	watch->counted = hits;
	watch->counted_at = now;
}

static void take(struct view_watch *watch)
{
	static struct memrw_hit hits[HITS];
	ssize_t count = HITS;

	/* A target may hit faster than they are taken. */
	for (int turn = 0; turn < TURNS && count == HITS; turn++) {
		count = memrw_watch_read(watch->watch, hits, HITS, 0);
		for (ssize_t i = 0; i < count; i++) {
			watch->lost += hits[i].lost;
			instructions_add(&watch->instructions, &hits[i]);
		}
	}
	if (count == 0) {
		uint64_t lost = 0;

		memrw_watch_ending(watch->watch, &lost);
		watch->lost += lost;
		memrw_watch_close(watch->watch);
		watch->watch = NULL;
	}
}

void view_watches_take(struct view_watches *watches, int64_t now)
{
	for (size_t i = 0; i < watches->count; i++) {
		if (watches->list[i].watch)
			take(&watches->list[i]);
		instructions_sort(&watches->list[i].instructions);
		count_rate(&watches->list[i], now);
	}
}

/*
 * Lines
 */

size_t view_watches_lines(const struct view_watches *watches)
{
	size_t lines = watches->count;

	for (size_t i = 0; i < watches->count; i++)
		lines += watches->list[i].instructions.count;
	return lines;
}

static void write_watch(const struct view_watch *watch, FILE *stream)
{
	fprintf(stream, "%s 0x%" PRIx64 ", %zu byte%s: %" PRIu64 " hits, %.0f/s",
		watch->kind == MEMRW_WATCH_WRITE ? "stores to" : "loads and stores at",
		watch->address, watch->length, watch->length > 1 ? "s" : "",
		watch->instructions.hits, watch->rate);
	if (watch->lost)
		fprintf(stream, ", %" PRIu64 " lost", watch->lost);
	if (!watch->watch)
		fputs(", ended", stream);
}

static void write_instruction(const struct view_watch *watch,
			      const struct instruction *instruction, FILE *stream)
{
	fprintf(stream, "%9" PRIu64 " %5.1f%%  ", instruction->count,
		100.0 * instruction->count / watch->instructions.hits);
	if (instruction->place)
		code_place_write(stream, instruction->place);
	if (instruction->place && instruction->place->symbol) {
		fputs("  ", stream);
		code_place_write_symbol(stream, instruction->place);
	}
	fprintf(stream, "  thread %d%s", instruction->tid,
		instruction->kernel ? " (kernel)" : "");
	if (instruction->disassembled)
		fprintf(stream, "  %s", instruction->disassembly.text);
}

bool view_watches_write(const struct view_watches *watches, size_t line, FILE *stream)
{
	for (size_t i = 0; i < watches->count; i++) {
		const struct view_watch *watch = &watches->list[i];

		if (line == 0) {
			write_watch(watch, stream);
			return true;
		}
		line--;
		if (line < watch->instructions.count) {
			write_instruction(watch, watch->instructions.list[line], stream);
			return false;
		}
		line -= watch->instructions.count;
	}
	return false;
}
