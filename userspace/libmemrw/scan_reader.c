// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_reader.h"
#include "pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

/* Values are looked at as if they were of the longest type. */
#define SLACK 64

/* It is asked of so many bytes at once which pages there are. */
#define LOOK_AHEAD ((size_t)16 * MRW_CHUNK)

int mrw_reader_init(struct mrw_reader *reader, struct memrw_target *target,
		    const struct mrw_areas *areas)
{
	*reader = (struct mrw_reader){ .target = target, .areas = areas };
	/* procfs has it asked page by page; the reader knows which pages to leave. */
	if (memrw_target_backend(target) == MEMRW_BACKEND_DRIVER)
		reader->flags = MEMRW_NO_POPULATE;
	reader->buffer = calloc(1, MRW_READER_ROOM + SLACK);
	return reader->buffer ? 0 : -1;
}

void mrw_reader_clear(struct mrw_reader *reader)
{
	free(reader->buffer);
	reader->buffer = NULL;
}

void mrw_reader_forget(struct mrw_reader *reader)
{
	reader->known.start = reader->known.end = 0;
}

void mrw_reader_begin(struct mrw_reader *reader, uint64_t base)
{
	reader->base = base;
	reader->count = 0;
	reader->part_count = 0;
}

/*
 * Pages
 */

/*
 * The run that an address of an area begins.  Without an answer, and where
 * nobody can be asked, all is there.
 */
static int ask_pages(struct mrw_reader *reader, const struct mrw_area *area,
		     uint64_t address)
{
	struct mrw_binding *binding = mrw_target_binding(reader->target);
	size_t length = MIN(area->end - address, LOOK_AHEAD);
	struct mrw_run run = { 0 };

	if (binding->backend->pages &&
	    binding->backend->pages(binding, address, length, &run) < 0)
		return -1;
	if (!run.length)
		run = (struct mrw_run){ .length = length, .present = true };
	reader->known.start = address;
	reader->known.end = address + run.length;
	reader->known.present = run.present;
	reader->known.cut = run.length == LOOK_AHEAD;
	return 0;
}

static int find_run(struct mrw_reader *reader, const struct mrw_area *area,
		    uint64_t address, size_t length, struct mrw_run *run)
{
	bool is_known = address >= reader->known.start && address < reader->known.end;

	if (is_known && reader->known.cut && length > reader->known.end - address)
		is_known = false;
	if (!is_known && ask_pages(reader, area, address) < 0)
		return -1;
	run->present = reader->known.present;
	run->length = MIN(length, reader->known.end - address);
	return 0;
}

bool mrw_reader_is_absent(struct mrw_reader *reader, uint64_t address,
			  size_t length)
{
	const struct mrw_area *area = mrw_areas_find(reader->areas, address);
	struct mrw_run run;

	if (!area || area->absent != MRW_ABSENT_ZERO || area->start > address ||
	    area->end - address < length)
		return false;
	return !find_run(reader, area, address, length, &run) && !run.present &&
	       run.length == length;
}

/*
 * Parts
 */

static void add_part(struct mrw_reader *reader, uint64_t address, size_t length,
		     bool known)
{
	struct mrw_part *last = NULL;
	size_t start = address - reader->base;

	if (reader->part_count)
		last = &reader->parts[reader->part_count - 1];
	if (known)
		memset(reader->buffer + start, 0, length);
	if (last && last->known == known &&
	    last->start + last->length == start)
		last->length += length;
	else if (reader->part_count < MRW_EXTENTS)
		reader->parts[reader->part_count++] =
			(struct mrw_part){ start, length, known };
}

static int add_pages(struct mrw_reader *reader, const struct mrw_area *area,
		     uint64_t address, uint64_t end)
{
	struct mrw_run run;

	for (; address < end; address += run.length) {
		if (find_run(reader, area, address, end - address, &run) < 0)
			return -1;
		if (run.present || area->absent == MRW_ABSENT_ZERO)
			add_part(reader, address, run.length, !run.present);
	}
	return 0;
}

int mrw_reader_add(struct mrw_reader *reader, uint64_t address, size_t length)
{
	uint64_t end = address + length;

	while (address < end) {
		const struct mrw_area *area = mrw_areas_find(reader->areas, address);
		uint64_t to;

		if (!area || area->start >= end)
			break;
		address = MAX(address, area->start);
		to = MIN(end, area->end);
		if (area->absent == MRW_ABSENT_UNKNOWN)
			add_part(reader, address, to - address, false);
		else if (add_pages(reader, area, address, to) < 0)
			return -1;
		address = to;
	}
	return 0;
}

/*
 * Bytes
 */

static void add_extent(struct mrw_reader *reader, size_t start, size_t length)
{
	struct mrw_extent *last = NULL;

	if (!length)
		return;
	if (reader->count)
		last = &reader->extents[reader->count - 1];
	if (last && last->end == start)
		last->end += length;
	else if (reader->count < MRW_EXTENTS)
		reader->extents[reader->count++] =
			(struct mrw_extent){ start, start + length };
}

/* Behind a page that cannot be read there may be others that can. */
static int read_rest(struct mrw_reader *reader, size_t start, size_t end)
{
	ssize_t got;

	while (start < end) {
		got = memrw_target_read(reader->target, reader->base + start,
					reader->buffer + start, end - start,
					reader->flags);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno != EIO)
			return -1;
		if (got > 0)
			add_extent(reader, start, got);
		start += got > 0 ? (size_t)got : mrw_page_rest(reader->base + start);
	}
	return 0;
}

static int settle_part(struct mrw_reader *reader, const struct mrw_part *part,
		       ssize_t result)
{
	if (result == -ENOMEM) {
		errno = ENOMEM;
		return -1;
	}
	if (result < 0)
		result = 0;
	add_extent(reader, part->start, result);
	return read_rest(reader, part->start + result, part->start + part->length);
}

static size_t list_segments(struct mrw_reader *reader,
			    struct memrw_target_segment *segments)
{
	size_t count = 0;

	for (size_t i = 0; i < reader->part_count; i++) {
		const struct mrw_part *part = &reader->parts[i];

		if (!part->known)
			segments[count++] = (struct memrw_target_segment){
				.address = reader->base + part->start,
				.buffer = reader->buffer + part->start,
				.length = part->length,
			};
	}
	return count;
}

/*
 * A single segment that is long goes faster as a batch of one on procfs, where
 * memrw_target_readv() would make a transfer of it.
 */
static ssize_t read_batch(const struct mrw_reader *reader,
			  struct memrw_target_segment *segments, size_t count)
{
	struct mrw_binding *binding = mrw_target_binding(reader->target);

	if (binding->backend->readv && count <= binding->batch_max &&
	    MRW_READER_ROOM <= binding->transfer_max)
		return binding->backend->readv(binding, segments, count, reader->flags);
	return memrw_target_readv(reader->target, segments, count, reader->flags);
}

static int read_segments(struct mrw_reader *reader,
			 struct memrw_target_segment *segments, size_t count)
{
	size_t done = 0;
	ssize_t got;

	while (done < count) {
		got = read_batch(reader, segments + done, count - done);
		if (got < 0 && errno != EINTR)
			return -1;
		done += got > 0 ? got : 0;
	}
	return 0;
}

int mrw_reader_flush(struct mrw_reader *reader)
{
	struct memrw_target_segment segments[MRW_EXTENTS];
	size_t next = 0;

	if (read_segments(reader, segments, list_segments(reader, segments)) < 0)
		return -1;
	for (size_t i = 0; i < reader->part_count; i++) {
		const struct mrw_part *part = &reader->parts[i];

		if (part->known)
			add_extent(reader, part->start, part->length);
		else if (settle_part(reader, part, segments[next++].result) < 0)
			return -1;
	}
	reader->part_count = 0;
	return 0;
}
