// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int mrw_chunk_list_add(struct mrw_chunk_list *list, struct mrw_chunk *chunk)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 16;
		void *grown = reallocarray(list->chunks, room, sizeof(chunk));

		if (!grown) {
			mrw_chunk_put(chunk);
			return -1;
		}
		list->chunks = grown;
		list->room = room;
	}
	list->chunks[list->count++] = chunk;
	return 0;
}

void mrw_chunk_list_clear(struct mrw_chunk_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		mrw_chunk_put(list->chunks[i]);
	free(list->chunks);
	*list = (struct mrw_chunk_list){ 0 };
}

static void take_chunks(struct mrw_set *set, struct mrw_chunk_list *from)
{
	struct mrw_chunk_list *to = &set->list;

	if (from->count)
		memcpy(to->chunks + to->count, from->chunks,
		       from->count * sizeof(*from->chunks));
	for (size_t i = 0; i < from->count; i++)
		set->count += from->chunks[i]->count;
	to->count += from->count;
	free(from->chunks);
	*from = (struct mrw_chunk_list){ 0 };
}

struct mrw_set *mrw_set_make(const struct mrw_shape *shape,
			     struct mrw_chunk_list *lists, size_t count)
{
	struct mrw_set *set = calloc(1, sizeof(*set));
	size_t chunks = 0;

	if (!set)
		return NULL;
	for (size_t i = 0; i < count; i++)
		chunks += lists[i].count;
	set->references = 1;
	set->shape = *shape;
	set->list.chunks = reallocarray(NULL, chunks ? chunks : 1, sizeof(*set->list.chunks));
	if (!set->list.chunks) {
		free(set);
		return NULL;
	}
	set->list.room = chunks;
	for (size_t i = 0; i < count; i++)
		take_chunks(set, &lists[i]);
	return set;
}

struct mrw_set *mrw_set_get(struct mrw_set *set)
{
	set->references++;
	return set;
}

void mrw_set_put(struct mrw_set *set)
{
	int saved = errno;

	if (!set || --set->references)
		return;
	mrw_chunk_list_clear(&set->list);
	free(set);
	errno = saved;
}

size_t mrw_set_find(const struct mrw_set *set, uint64_t address)
{
	size_t low = 0, high = set->list.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address < set->list.chunks[middle]->address + MRW_CHUNK)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int compare_chunks(const void *left, const void *right)
{
	const struct mrw_chunk *const *a = left, *const *b = right;

	return (*a > *b) - (*a < *b);
}

static size_t own_memory(const struct mrw_set *set)
{
	size_t sum = sizeof(*set) + set->list.room * sizeof(*set->list.chunks);

	for (size_t i = 0; i < set->list.count; i++)
		sum += mrw_chunk_memory(set->list.chunks[i]);
	return sum;
}

static size_t count_shared(struct mrw_chunk **chunks, size_t count)
{
	size_t twice = 0;

	qsort(chunks, count, sizeof(*chunks), compare_chunks);
	for (size_t i = 1; i < count; i++)
		if (chunks[i] == chunks[i - 1])
			twice += mrw_chunk_memory(chunks[i]);
	return twice;
}

static size_t list_shared(struct mrw_set *const *sets, size_t count,
			  struct mrw_chunk **chunks)
{
	size_t listed = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sets[i]->list.count; j++)
			if (sets[i]->list.chunks[j]->references > 1)
				chunks[listed++] = sets[i]->list.chunks[j];
	return listed;
}

size_t mrw_sets_memory(struct mrw_set *const *sets, size_t count)
{
	size_t sum = 0, chunks = 0;
	struct mrw_chunk **shared;

	for (size_t i = 0; i < count; i++) {
		sum += own_memory(sets[i]);
		chunks += sets[i]->list.count;
	}
	shared = reallocarray(NULL, chunks ? chunks : 1, sizeof(*shared));
	if (!shared)
		return sum;
	sum -= count_shared(shared, list_shared(sets, count, shared));
	free(shared);
	return sum;
}
