// SPDX-License-Identifier: LGPL-2.1-or-later
/* Matches from a file. */
#include "scan.h"
#include "address_name.h"
#include "number.h"
#include "region_list.h"
#include "scan_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* struct entry - a match in the file, at an address of now */
struct entry {
	uint64_t address;
	unsigned int types;
};

/*
 * struct loading
 * @parser: of the lines
 * @regions: what names mean now
 * @name: the last that was looked up; it is mostly that of the next line too
 * @base: what it means; 0: nothing
 * @entries: the matches that have an address
 * @count: of them
 * @room: for so many
 * @missing: the matches that are none here
 */
struct loading {
	struct mrw_list_parser parser;
	struct mrw_region_list regions;
	char *name;
	uint64_t base;
	struct entry *entries;
	size_t count;
	size_t room;
	uint64_t missing;
};

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * Addresses
 */

/* NAME+OFFSET, or a number: as memrw_scan_save() writes them. */
static int split(const char *text, size_t *name_length, uint64_t *offset)
{
	const char *plus = strrchr(text, '+');

	*name_length = plus ? plus - text : 0;
	return mrw_number_parse(plus ? plus + 1 : text, offset);
}

/* 0 if the target has no such region or module, or several. */
static uint64_t base_of(const struct loading *loading, const char *name)
{
	const struct mrw_address_scope scope = {
		.regions = loading->regions.regions,
		.region_count = loading->regions.count,
	};
	const struct memrw_region *region = mrw_region_by_name(&scope, name);
	struct mrw_message message;

	if (!region)
		mrw_module_find(name, &scope, &region, &message);
	return region ? region->start : 0;
}

static int look_up_name(struct loading *loading, const char *name, size_t length)
{
	if (loading->name && strlen(loading->name) == length &&
	    memcmp(loading->name, name, length) == 0)
		return 0;
	free(loading->name);
	loading->name = strndup(name, length);
	if (!loading->name)
		return -1;
	loading->base = base_of(loading, loading->name);
	return 0;
}

/* 1, or 0 where the name means nothing here, or -1 with errno. */
static int resolve(struct loading *loading, const char *text, uint64_t *address)
{
	size_t name_length;
	uint64_t offset;

	if (split(text, &name_length, &offset) < 0)
		return fail(EBADMSG);
	*address = offset;
	if (!name_length)
		return 1;
	if (look_up_name(loading, text, name_length) < 0)
		return -1;
	return loading->base && !__builtin_add_overflow(loading->base, offset, address);
}

static int append(struct loading *loading, const struct entry *entry)
{
	if (loading->count == loading->room) {
		size_t room = loading->room ? 2 * loading->room : 256;
		void *grown = reallocarray(loading->entries, room, sizeof(*entry));

		if (!grown)
			return -1;
		loading->entries = grown;
		loading->room = room;
	}
	loading->entries[loading->count++] = *entry;
	return 0;
}

/*
 * Lines
 */

static int load_line(struct loading *loading, const char *line)
{
	struct mrw_list_match match;
	struct entry entry;
	int found = mrw_list_parse(&loading->parser, line, &match);

	if (found <= 0)
		return found;
	entry.types = match.types;
	found = resolve(loading, match.address, &entry.address);
	if (found == 0)
		loading->missing++;
	return found > 0 ? append(loading, &entry) : found;
}

static int load_lines(struct loading *loading, FILE *file)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	int status = 0;

	errno = 0;
	while (status == 0 && (length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		status = strlen(line) == (size_t)length ? load_line(loading, line) : fail(EBADMSG);
	}
	free(line);
	if (status == 0 && ferror(file))
		status = -1;
	if (status == 0 && !mrw_list_is_whole(&loading->parser.header))
		status = fail(EBADMSG);
	return status;
}

static int load_file(struct loading *loading, int fd)
{
	int copy = dup(fd), status;
	FILE *file = copy < 0 ? NULL : fdopen(copy, "r");

	if (!file) {
		if (copy >= 0)
			close(copy);
		return -1;
	}
	status = load_lines(loading, file);
	fclose(file);
	return status;
}

/*
 * Matches
 */

static int compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return (a->address > b->address) - (a->address < b->address);
}

/* All entries of a block, as its matches; returns how many they were. */
static size_t take_block(const struct entry *entries, size_t count,
			 const struct mrw_shape *shape, struct mrw_matches *matches)
{
	uint64_t block = entries[0].address / MRW_BLOCK * MRW_BLOCK;
	size_t i;

	memset(matches->bits, 0, sizeof(matches->bits));
	for (i = 0; i < count && entries[i].address - block < MRW_BLOCK; i++) {
		unsigned int place = (entries[i].address - block) / shape->step;

		if (!(matches->bits[place / 64] >> (place % 64) & 1))
			matches->types[place] = 0;
		matches->types[place] |= entries[i].types;
		matches->bits[place / 64] |= UINT64_C(1) << (place % 64);
	}
	return i;
}

/* A chunk of those from entries[0] on, without values; returns how many. */
static ssize_t take_chunk(const struct entry *entries, size_t count,
			  const struct mrw_shape *shape, struct mrw_matches *matches,
			  struct mrw_chunk_list *list)
{
	static const uint8_t nothing[MRW_IMAGE];
	uint64_t start = entries[0].address / MRW_BLOCK * MRW_BLOCK;
	struct mrw_builder builder;
	struct mrw_chunk *chunk = NULL;
	size_t taken = 0;
	int status = 0;

	mrw_builder_init(&builder, shape);
	while (!status && taken < count && entries[taken].address - start < MRW_CHUNK) {
		matches->index = (entries[taken].address - start) / MRW_BLOCK;
		taken += take_block(entries + taken, count - taken, shape, matches);
		mrw_matches_measure(matches);
		status = mrw_builder_add(&builder, matches, nothing);
	}
	if (!status)
		status = mrw_builder_finish(&builder, start, &chunk);
	mrw_builder_clear(&builder);
	if (status < 0 || mrw_chunk_list_add(list, chunk) < 0)
		return -1;
	return taken;
}

static int check_alignment(const struct loading *loading, const struct mrw_shape *shape)
{
	for (size_t i = 0; i < loading->count; i++)
		if (loading->entries[i].address % shape->step)
			return fail(EBADMSG);
	return 0;
}

static int take_all(struct loading *loading, const struct mrw_shape *shape,
		    struct mrw_chunk_list *list)
{
	struct mrw_matches *matches;
	ssize_t taken = 0;

	if (!loading->count)
		return 0;
	if (check_alignment(loading, shape) < 0)
		return -1;
	matches = malloc(sizeof(*matches));
	if (!matches)
		return -1;
	qsort(loading->entries, loading->count, sizeof(*loading->entries), compare);
	for (size_t i = 0; taken >= 0 && i < loading->count; i += taken) {
		taken = take_chunk(loading->entries + i, loading->count - i, shape,
				   matches, list);
		if (taken < 0)
			break;
	}
	free(matches);
	return taken < 0 ? -1 : 0;
}

/* A pass that keeps all finds the values, and what is not there. */
static int find_values(struct memrw_scan *scan, const struct mrw_shape *shape,
		       struct mrw_set *from)
{
	static const struct memrw_scan_condition all = {
		.size = sizeof(all),
		.op = MEMRW_SCAN_UNKNOWN,
	};
	struct mrw_areas areas;
	struct mrw_query query;
	struct mrw_work work = { .target = scan->target, .query = &query, .areas = &areas };
	struct mrw_set *set = NULL;

	if (mrw_query_init(&query, shape, &scan->leeway, &all, NULL, 0) < 0)
		return -1;
	if (mrw_areas_load(&areas, scan->target, NULL) == 0) {
		set = mrw_pass_run(&work, from, scan->threads, &scan->report);
		mrw_areas_clear(&areas);
	}
	mrw_query_clear(&query);
	return set ? mrw_scan_advance(scan, set) : -1;
}

static int settle(struct memrw_scan *scan, struct loading *loading)
{
	const struct mrw_list_header *header = &loading->parser.header;
	struct mrw_chunk_list list = { 0 };
	struct mrw_shape shape;
	struct mrw_set *set = NULL;
	int status = -1;

	mrw_shape_init(&shape, header->types, header->alignment, header->big_endian);
	shape.width = header->width;
	if (take_all(loading, &shape, &list) == 0)
		set = mrw_set_make(&shape, &list, 1);
	mrw_chunk_list_clear(&list);
	if (set)
		status = find_values(scan, &shape, set);
	if (status == 0) {
		scan->alignment = header->alignment;
		loading->missing += set->count - scan->current->count;
	}
	mrw_set_put(set);
	return status;
}

/* May a scan have such types?  One that has none yet is asked. */
static int check_types(unsigned int types)
{
	struct memrw_scan *scan = memrw_scan_open(NULL);
	int status;

	if (!scan)
		return -1;
	status = memrw_scan_set_types(scan, types);
	memrw_scan_close(scan);
	return status < 0 ? fail(EBADMSG) : 0;
}

int memrw_scan_load(struct memrw_scan *scan, int fd, uint64_t *missing)
{
	struct loading loading = { 0 };
	int status;

	if (scan->current)
		return fail(EBUSY);
	if (mrw_region_list_load(&loading.regions, scan->target) < 0)
		return -1;
	status = load_file(&loading, fd);
	if (status == 0)
		status = check_types(loading.parser.header.types);
	if (status == 0)
		status = settle(scan, &loading);
	if (status == 0 && missing)
		*missing = loading.missing;
	mrw_region_list_clear(&loading.regions);
	free(loading.entries);
	free(loading.name);
	return status;
}
