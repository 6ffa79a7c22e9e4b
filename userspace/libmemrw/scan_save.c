// SPDX-License-Identifier: LGPL-2.1-or-later
/* Matches to a file. */
#include "scan.h"
#include "region_list.h"
#include "scan_list.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * struct place - what an address in a region is written relative to
 * @name: NULL: nothing
 * @base: its address
 */
struct place {
	const char *name;
	uint64_t base;
};

/* struct book - the regions, with the place of each, and the last one used */
struct book {
	struct mrw_region_list regions;
	struct place *places;
	size_t at;
};

static bool has_suffix(const char *text, const char *suffix)
{
	size_t length = strlen(text), rest = strlen(suffix);

	return length >= rest && strcmp(text + length - rest, suffix) == 0;
}

/* A name that will mean the same file in the next run. */
static bool is_module(const struct memrw_region *region)
{
	return region->inode && region->name[0] == '/' &&
	       !has_suffix(region->name, " (deleted)") &&
	       strncmp(region->name, "/memfd:", strlen("/memfd:")) != 0;
}

static bool is_named(const struct memrw_region *region)
{
	return strcmp(region->name, "[heap]") == 0 || strcmp(region->name, "[stack]") == 0;
}

/* The lowest region of the same name is where addresses begin to count. */
static struct place place_of(const struct book *book, size_t i)
{
	const struct memrw_region *regions = book->regions.regions;
	size_t first = 0;

	if (is_module(&regions[i]) || is_named(&regions[i])) {
		while (strcmp(regions[first].name, regions[i].name) != 0)
			first++;
		return (struct place){ regions[first].name, regions[first].start };
	}
	/* A module's data without a file is behind that which has one. */
	if (i && !*regions[i].name && regions[i - 1].end == regions[i].start &&
	    is_module(&regions[i - 1]))
		return book->places[i - 1];
	return (struct place){ NULL, 0 };
}

static int open_book(struct book *book, struct memrw_target *target)
{
	*book = (struct book){ 0 };
	if (mrw_region_list_load(&book->regions, target) < 0)
		return -1;
	book->places = calloc(book->regions.count + 1, sizeof(*book->places));
	if (!book->places) {
		mrw_region_list_clear(&book->regions);
		return -1;
	}
	for (size_t i = 0; i < book->regions.count; i++)
		book->places[i] = place_of(book, i);
	return 0;
}

static void close_book(struct book *book)
{
	free(book->places);
	mrw_region_list_clear(&book->regions);
}

/* Addresses are asked for in rising order. */
static struct place look_up(struct book *book, uint64_t address)
{
	const struct memrw_region *regions = book->regions.regions;

	while (book->at < book->regions.count && regions[book->at].end <= address)
		book->at++;
	if (book->at < book->regions.count && regions[book->at].start <= address)
		return book->places[book->at];
	return (struct place){ NULL, 0 };
}

static void write_header(const struct memrw_scan *scan, FILE *file)
{
	char types[MRW_LIST_TYPES];

	mrw_list_format_types(scan->shape.types, types);
	fprintf(file, "memrw-scan 1\ntypes %s\nbyte-order %s\nalignment %u\nwidth %u\n",
		types, scan->shape.big_endian ? "big" : "little", scan->alignment,
		scan->shape.width);
}

static void write_match(struct book *book, const struct memrw_scan_match *match,
			FILE *file)
{
	struct place place = look_up(book, match->address);
	char types[MRW_LIST_TYPES];

	mrw_list_format_types(match->types, types);
	if (place.name)
		fprintf(file, "match %s %s+0x%" PRIx64 "\n", types, place.name,
			match->address - place.base);
	else
		fprintf(file, "match %s 0x%" PRIx64 "\n", types, match->address);
}

static int write_matches(struct memrw_scan *scan, struct book *book, FILE *file)
{
	struct memrw_scan_iter *iter = memrw_scan_iter_open(scan, 0, 0);
	struct memrw_scan_match match;
	int more;

	if (!iter)
		return -1;
	while ((more = memrw_scan_iter_next(iter, &match)) > 0 && !ferror(file))
		write_match(book, &match, file);
	memrw_scan_iter_close(iter);
	return more < 0 ? -1 : 0;
}

static FILE *open_file(int fd)
{
	int copy = dup(fd);
	FILE *file = copy < 0 ? NULL : fdopen(copy, "w");

	if (!file && copy >= 0)
		close(copy);
	return file;
}

/* What stdio could not write is not written when it is asked again. */
static int close_file(FILE *file, int status)
{
	int error = errno;

	if (fflush(file) != 0 && status == 0) {
		status = -1;
		error = errno;
	}
	if (ferror(file) && status == 0) {
		status = -1;
		error = EIO;
	}
	fclose(file);
	errno = error;
	return status;
}

int memrw_scan_save(struct memrw_scan *scan, int fd)
{
	struct book book;
	FILE *file;
	int status;

	if (!scan->current) {
		errno = ENOENT;
		return -1;
	}
	if (open_book(&book, scan->target) < 0)
		return -1;
	file = open_file(fd);
	if (!file) {
		close_book(&book);
		return -1;
	}
	write_header(scan, file);
	status = close_file(file, write_matches(scan, &book, file));
	close_book(&book);
	return status;
}
