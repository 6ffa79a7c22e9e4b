// SPDX-License-Identifier: LGPL-2.1-or-later
/* Chains of pointers that lead from the memory of modules to an address. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "address_space.h"
#include "memrw.h"
#include "pointer_collect.h"
#include "pointer_size.h"
#include "static_memory.h"

/* struct memrw_pointers - the chains, as address expressions */
struct memrw_pointers {
	char **texts;
	size_t count;
	size_t room;
	bool complete;
};

/* struct finder - a search under way */
struct finder {
	struct mrw_address_space space;
	struct mrw_module_list modules;
	struct mrw_pointer_table table;
	struct memrw_pointers *pointers;
};

static bool is_static(void *data, uint64_t location)
{
	const struct finder *finder = data;

	return mrw_module_list_at(&finder->modules, location) != NULL;
}

/*
 * A chain as text
 */

static void write_offset(FILE *stream, uint64_t offset)
{
	if (offset)
		fprintf(stream, "+0x%" PRIx64, offset);
}

static void write_chain(FILE *stream, const struct mrw_module *module, uint64_t start,
			const uint64_t *offsets, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		fputc('[', stream);
	fputs(module->name, stream);
	write_offset(stream, start - module->start);
	for (unsigned int i = 0; i < count; i++) {
		fputc(']', stream);
		write_offset(stream, offsets[i]);
	}
}

static char *chain_text(const struct finder *finder, uint64_t start,
			const uint64_t *offsets, unsigned int count)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (!stream)
		return NULL;
	write_chain(stream, mrw_module_list_at(&finder->modules, start), start, offsets,
		    count);
	if (fclose(stream) == 0)
		return text;
	free(text);
	return NULL;
}

static int add_chain(void *data, uint64_t start, const uint64_t *offsets,
		     unsigned int count)
{
	const struct finder *finder = data;
	struct memrw_pointers *pointers = finder->pointers;
	char *text;

	if (pointers->count == pointers->room) {
		size_t more = pointers->room ? 2 * pointers->room : 64;
		void *grown = reallocarray(pointers->texts, more, sizeof(*pointers->texts));

		if (!grown)
			return -1;
		pointers->texts = grown;
		pointers->room = more;
	}
	text = chain_text(finder, start, offsets, count);
	if (!text)
		return -1;
	pointers->texts[pointers->count++] = text;
	return 0;
}

/*
 * The search
 */

static int search(struct finder *finder, const struct memrw_pointers_query *query)
{
	struct mrw_pointer_search chains = {
		.address = query->address,
		.max_offset = query->max_offset,
		.depth = query->depth,
		.limit = query->limit,
		.is_static = is_static,
		.found = add_chain,
		.data = finder,
	};
	size_t size = mrw_pointer_size(finder->space.target, &finder->space.regions);
	int status;

	if (mrw_module_list_load(&finder->modules, &finder->space) < 0 ||
	    mrw_pointer_collect(finder->space.target, &finder->space.regions, size,
				&finder->table) < 0)
		return -1;
	status = mrw_pointer_search_run(&finder->table, &chains);
	finder->pointers->complete = status > 0;
	return status;
}

static int find(struct memrw_pointers *pointers, struct memrw_target *target,
		const struct memrw_pointers_query *query)
{
	struct finder finder = { .pointers = pointers };
	int status, error;

	if (mrw_address_space_load(&finder.space, target) < 0)
		return -1;
	status = search(&finder, query);
	error = errno;
	mrw_pointer_table_clear(&finder.table);
	mrw_module_list_clear(&finder.modules);
	mrw_address_space_clear(&finder.space);
	errno = error;
	return status;
}

struct memrw_pointers *memrw_pointers_find(struct memrw_target *target,
					   const struct memrw_pointers_query *query)
{
	struct memrw_pointers *pointers;

	if (query->depth < 1 || query->depth > MEMRW_POINTERS_DEPTH_MAX) {
		errno = EINVAL;
		return NULL;
	}
	pointers = calloc(1, sizeof(*pointers));
	if (pointers && find(pointers, target, query) < 0) {
		memrw_pointers_close(pointers);
		return NULL;
	}
	return pointers;
}

size_t memrw_pointers_count(const struct memrw_pointers *pointers)
{
	return pointers->count;
}

const char *memrw_pointers_text(const struct memrw_pointers *pointers, size_t i)
{
	return i < pointers->count ? pointers->texts[i] : NULL;
}

bool memrw_pointers_complete(const struct memrw_pointers *pointers)
{
	return pointers->complete;
}

void memrw_pointers_close(struct memrw_pointers *pointers)
{
	int error = errno;

	if (!pointers)
		return;
	for (size_t i = 0; i < pointers->count; i++)
		free(pointers->texts[i]);
	free(pointers->texts);
	free(pointers);
	errno = error;
}
