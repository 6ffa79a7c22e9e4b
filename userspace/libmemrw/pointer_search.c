// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Backwards from the address, level by level, for what leads to it at all and
 * by how many pointers at least; each pointer is met once.  Then forwards from
 * what is static, along nothing but those, so that hardly a step is in vain.
 */

#include <errno.h>
#include <stdlib.h>

#include "pointer_table.h"

/* Steps forwards: some seconds. */
#define STEPS_MAX	(64 * 1024 * 1024)

/* struct node - a pointer that leads to the address, by so many at least */
struct node {
	uint64_t location;
	uint64_t value;
	unsigned int distance;
	bool is_static;
};

/* struct nodes - in the order that they were found in, then by location */
struct nodes {
	struct node *nodes;
	size_t count;
	size_t room;
};

/*
 * Backwards
 */

static int add_node(struct nodes *nodes, const struct node *node)
{
	if (nodes->count == nodes->room) {
		size_t more = nodes->room ? 2 * nodes->room : 1024;
		void *grown = reallocarray(nodes->nodes, more, sizeof(*node));

		if (!grown)
			return -1;
		nodes->nodes = grown;
		nodes->room = more;
	}
	nodes->nodes[nodes->count++] = *node;
	return 0;
}

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return (x->location > y->location) - (x->location < y->location);
}

static size_t lower_bound(const struct mrw_pointer_table *table, uint64_t value)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->pointers[middle].value < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t least(const struct mrw_pointer_search *search, uint64_t address)
{
	return address > search->max_offset ? address - search->max_offset : 0;
}

/*
 * All pointers to or a little below an address that were not met before
 * (@seen has a bit for each).  Return: 0, or -1 with errno.
 */
static int add_pointers_to(const struct mrw_pointer_table *table,
			   const struct mrw_pointer_search *search, uint64_t address,
			   unsigned int distance, bool *seen, struct nodes *nodes)
{
	size_t i = lower_bound(table, least(search, address));

	for (; i < table->count && table->pointers[i].value <= address; i++) {
		struct node node = {
			.location = table->pointers[i].location,
			.value = table->pointers[i].value,
			.distance = distance,
		};

		if (seen[i])
			continue;
		seen[i] = true;
		node.is_static = search->is_static(search->data, node.location);
		if (add_node(nodes, &node) < 0)
			return -1;
	}
	return 0;
}

/* Those of the level before are at @begin, and end where the new ones begin. */
static int add_level(const struct mrw_pointer_table *table,
		     const struct mrw_pointer_search *search, size_t begin,
		     unsigned int distance, bool *seen, struct nodes *nodes)
{
	size_t end = nodes->count;

	for (size_t i = begin; i < end; i++) {
		if (nodes->nodes[i].is_static)
			continue;
		if (add_pointers_to(table, search, nodes->nodes[i].location, distance,
				    seen, nodes) < 0)
			return -1;
	}
	return 0;
}

static int go_backwards(const struct mrw_pointer_table *table,
			const struct mrw_pointer_search *search, struct nodes *nodes)
{
	bool *seen = calloc(table->count + 1, sizeof(*seen));
	size_t begin = 0;
	int status;

	if (!seen)
		return -1;
	status = add_pointers_to(table, search, search->address, 1, seen, nodes);
	for (unsigned int distance = 2; distance <= search->depth && !status; distance++) {
		size_t end = nodes->count;

		status = add_level(table, search, begin, distance, seen, nodes);
		begin = end;
	}
	free(seen);
	if (nodes->count > 0)
		qsort(nodes->nodes, nodes->count, sizeof(*nodes->nodes), compare_nodes);
	return status;
}

/*
 * Forwards
 */

/* struct walk - a chain that is being tried */
struct walk {
	const struct mrw_pointer_search *search;
	const struct nodes *nodes;
	const struct node *path[MRW_POINTER_DEPTH_MAX];
	uint64_t offsets[MRW_POINTER_DEPTH_MAX];
	unsigned int length;
	size_t found;
	size_t steps;
};

static size_t first_node(const struct nodes *nodes, uint64_t location)
{
	size_t low = 0, high = nodes->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (nodes->nodes[middle].location < location)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_on_path(const struct walk *walk, const struct node *node)
{
	for (unsigned int i = 0; i < walk->length; i++) {
		if (walk->path[i] == node)
			return true;
	}
	return false;
}

/* Each of these returns 1 to go on, 0 at a limit, -1 with errno. */

static int end_chain(struct walk *walk)
{
	uint64_t value = walk->path[walk->length - 1]->value;
	const struct mrw_pointer_search *search = walk->search;

	if (search->address < value || search->address - value > search->max_offset)
		return 1;
	if (walk->found == search->limit)
		return 0;
	walk->offsets[walk->length - 1] = search->address - value;
	walk->found++;
	return search->found(search->data, walk->path[0]->location, walk->offsets,
			     walk->length) < 0 ? -1 : 1;
}

/* With exactly so many more pointers. */
static int go_on(struct walk *walk, unsigned int more)
{
	uint64_t value = walk->path[walk->length - 1]->value;
	int status = 1;

	if (more == 0)
		return end_chain(walk);
	for (size_t i = first_node(walk->nodes, value); i < walk->nodes->count && status == 1; i++) {
		const struct node *node = &walk->nodes->nodes[i];

		if (node->location - value > walk->search->max_offset)
			break;
		if (walk->steps++ == STEPS_MAX)
			return 0;
		if (node->is_static || node->distance > more || is_on_path(walk, node))
			continue;
		walk->offsets[walk->length - 1] = node->location - value;
		walk->path[walk->length++] = node;
		status = go_on(walk, more - 1);
		walk->length--;
	}
	return status;
}

static int go_forwards(struct walk *walk, unsigned int length)
{
	int status = 1;

	for (size_t i = 0; i < walk->nodes->count && status == 1; i++) {
		const struct node *node = &walk->nodes->nodes[i];

		if (!node->is_static || node->distance > length)
			continue;
		walk->path[0] = node;
		walk->length = 1;
		status = go_on(walk, length - 1);
	}
	return status;
}

int mrw_pointer_search_run(const struct mrw_pointer_table *table,
			   const struct mrw_pointer_search *search)
{
	struct nodes nodes = { 0 };
	struct walk walk = { .search = search, .nodes = &nodes };
	int status;

	if (search->depth < 1 || search->depth > MRW_POINTER_DEPTH_MAX) {
		errno = EINVAL;
		return -1;
	}
	status = go_backwards(table, search, &nodes) < 0 ? -1 : 1;
	for (unsigned int length = 1; length <= search->depth && status == 1; length++)
		status = go_forwards(&walk, length);
	free(nodes.nodes);
	return status;
}
