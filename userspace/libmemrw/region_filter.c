// SPDX-License-Identifier: LGPL-2.1-or-later
#include "region_filter.h"
#include "number.h"
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a region must be. */
#define NO_FILE	(1U << 8)
#define PRIVATE	(1U << 9)

/* Where it must be. */
#define HEAP	(1U << 0)
#define STACK	(1U << 1)

#define NUMBER_MAX 32

/*
 * struct memrw_region_filter
 * @required: MEMRW_REGION_*, NO_FILE, PRIVATE
 * @places: HEAP, STACK
 * @modules: file names and paths
 * @module_count: of them
 * @parts: as they were added
 * @part_count: of them
 */
struct memrw_region_filter {
	unsigned int required;
	unsigned int places;
	char **modules;
	size_t module_count;
	struct mrw_range *parts;
	size_t part_count;
};

static const struct {
	const char *name;
	unsigned int required;
	unsigned int place;
} words[] = {
	{ "readable", MEMRW_REGION_READ, 0 },
	{ "writable", MEMRW_REGION_WRITE, 0 },
	{ "executable", MEMRW_REGION_EXEC, 0 },
	{ "shared", MEMRW_REGION_SHARED, 0 },
	{ "private", PRIVATE, 0 },
	{ "no-file", NO_FILE, 0 },
	{ "heap", 0, HEAP },
	{ "stack", 0, STACK },
};

static int fail(int error)
{
	errno = error;
	return -1;
}

struct memrw_region_filter *memrw_region_filter_open(void)
{
	return calloc(1, sizeof(struct memrw_region_filter));
}

void memrw_region_filter_close(struct memrw_region_filter *filter)
{
	int saved = errno;

	if (!filter)
		return;
	for (size_t i = 0; i < filter->module_count; i++)
		free(filter->modules[i]);
	free(filter->modules);
	free(filter->parts);
	free(filter);
	errno = saved;
}

/*
 * Terms
 */

static int add_module(struct memrw_region_filter *filter, const char *name)
{
	char **modules;

	if (!*name)
		return fail(EINVAL);
	modules = reallocarray(filter->modules, filter->module_count + 1, sizeof(*modules));
	if (!modules)
		return -1;
	filter->modules = modules;
	modules[filter->module_count] = strdup(name);
	if (!modules[filter->module_count])
		return -1;
	filter->module_count++;
	return 0;
}

static int append_part(struct memrw_region_filter *filter, uint64_t start, uint64_t end)
{
	struct mrw_range *parts;

	parts = reallocarray(filter->parts, filter->part_count + 1, sizeof(*parts));
	if (!parts)
		return -1;
	filter->parts = parts;
	parts[filter->part_count++] = (struct mrw_range){ start, end };
	return 0;
}

/* "START-END" */
static int add_part(struct memrw_region_filter *filter, const char *term)
{
	const char *minus = strchr(term, '-');
	char first[NUMBER_MAX];
	uint64_t start, end;

	if (!minus || minus - term >= NUMBER_MAX)
		return fail(EINVAL);
	memcpy(first, term, minus - term);
	first[minus - term] = '\0';
	if (mrw_number_parse(first, &start) < 0 || mrw_number_parse(minus + 1, &end) < 0 ||
	    start >= end)
		return fail(EINVAL);
	return append_part(filter, start, end);
}

int memrw_region_filter_add(struct memrw_region_filter *filter, const char *term)
{
	static const char module[] = "module=";

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(term, words[i].name) == 0) {
			filter->required |= words[i].required;
			filter->places |= words[i].place;
			return 0;
		}
	}
	if (strncmp(term, module, strlen(module)) == 0)
		return add_module(filter, term + strlen(module));
	return add_part(filter, term);
}

static int copy_terms(struct memrw_region_filter *copy,
		      const struct memrw_region_filter *filter)
{
	copy->required = filter->required;
	copy->places = filter->places;
	for (size_t i = 0; i < filter->module_count; i++)
		if (add_module(copy, filter->modules[i]) < 0)
			return -1;
	for (size_t i = 0; i < filter->part_count; i++)
		if (append_part(copy, filter->parts[i].start, filter->parts[i].end) < 0)
			return -1;
	return 0;
}

struct memrw_region_filter *
mrw_region_filter_copy(const struct memrw_region_filter *filter)
{
	struct memrw_region_filter *copy = memrw_region_filter_open();

	if (copy && copy_terms(copy, filter) < 0) {
		memrw_region_filter_close(copy);
		return NULL;
	}
	return copy;
}

/*
 * Regions
 */

static bool has_required(const struct memrw_region_filter *filter,
			 const struct memrw_region *region)
{
	unsigned int has = region->properties;

	if (!region->inode)
		has |= NO_FILE;
	if (!(region->properties & MEMRW_REGION_SHARED))
		has |= PRIVATE;
	return (has & filter->required) == filter->required;
}

static bool is_of_module(const struct memrw_region_filter *filter,
			 const struct memrw_region *region)
{
	size_t length = mrw_path_length(region->name);

	for (size_t i = 0; region->inode && i < filter->module_count; i++) {
		const char *name = filter->modules[i];

		if (strlen(name) == length && memcmp(name, region->name, length) == 0)
			return true;
		if (mrw_path_has_file_name(region->name, name))
			return true;
	}
	return false;
}

static bool is_at_place(const struct memrw_region_filter *filter,
			const struct memrw_region *region)
{
	if (!filter->places && !filter->module_count)
		return true;
	return (filter->places & HEAP && strcmp(region->name, "[heap]") == 0) ||
	       (filter->places & STACK && strcmp(region->name, "[stack]") == 0) ||
	       is_of_module(filter, region);
}

/* The data of a module that has no file lies right behind its data that has. */
static bool is_module_tail(const struct memrw_region_filter *filter,
			   const struct memrw_region *before,
			   const struct memrw_region *region)
{
	return before && before->end == region->start && !region->inode &&
	       !*region->name && region->properties & MEMRW_REGION_WRITE &&
	       is_of_module(filter, before);
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

bool memrw_region_filter_accepts(const struct memrw_region_filter *filter,
				 const struct memrw_region *region)
{
	if (!has_required(filter, region) || !is_at_place(filter, region))
		return false;
	for (size_t i = 0; i < filter->part_count; i++)
		if (filter->parts[i].start < region->end &&
		    filter->parts[i].end > region->start)
			return true;
	return !filter->part_count;
}

static int add_parts(const struct memrw_region_filter *filter,
		     const struct memrw_region *region, struct mrw_ranges *list)
{
	if (!filter->part_count)
		return mrw_ranges_add(list, region->start, region->end);
	for (size_t i = 0; i < filter->part_count; i++) {
		uint64_t start = later(filter->parts[i].start, region->start);
		uint64_t end = earlier(filter->parts[i].end, region->end);

		if (start < end && mrw_ranges_add(list, start, end) < 0)
			return -1;
	}
	return 0;
}

int mrw_region_filter_ranges(const struct memrw_region_filter *filter,
			     const struct mrw_region_list *regions,
			     struct mrw_ranges *list)
{
	for (size_t i = 0; i < regions->count; i++) {
		const struct memrw_region *region = &regions->regions[i];

		if (!has_required(filter, region))
			continue;
		if (!is_at_place(filter, region) &&
		    !is_module_tail(filter, i ? region - 1 : NULL, region))
			continue;
		if (add_parts(filter, region, list) < 0)
			return -1;
	}
	return 0;
}
