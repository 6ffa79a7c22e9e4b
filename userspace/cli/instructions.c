// SPDX-License-Identifier: GPL-2.0-only

#include <linux/audit.h>
#include <search.h>
#include <stdlib.h>

#include "instructions.h"

static int compare(const void *a, const void *b)
{
	const struct instruction *first = a, *second = b;

	if (first->ip != second->ip)
		return first->ip > second->ip ? 1 : -1;
	return first->kernel - second->kernel;
}

/* Is the address of its hits behind it, and not its own? */
static bool is_before(const struct instructions *instructions, uint32_t architecture)
{
	return instructions->kind != MEMRW_WATCH_EXECUTE &&
	       (architecture == AUDIT_ARCH_X86_64 || architecture == AUDIT_ARCH_I386);
}

/* While there is a target to read it from. */
static void disassemble(const struct instructions *instructions,
			struct instruction *instruction, uint32_t architecture)
{
	const struct code_place *place = instruction->place;
	uint64_t start = place && place->symbol ? place->symbol_start : 0;

	if (is_before(instructions, architecture))
		instruction->disassembled =
			disassembly_behind(instructions->target, architecture, start,
					   instruction->ip, instruction->kernel,
					   &instruction->disassembly);
	else
		instruction->disassembled =
			disassembly_at(instructions->target, architecture, instruction->ip,
				       &instruction->disassembly);
}

static struct instruction *insert(struct instructions *instructions,
				  const struct instruction *key)
{
	struct instruction **list = reallocarray(instructions->list, instructions->count + 1,
						 sizeof(*list));
	struct instruction *instruction = list ? malloc(sizeof(*instruction)) : NULL;

	if (list)
		instructions->list = list;
	if (!instruction)
		return NULL;
	*instruction = *key;
	if (!tsearch(instruction, &instructions->tree, compare)) {
		free(instruction);
		return NULL;
	}
	list[instructions->count++] = instruction;
	return instruction;
}

static struct instruction *find(struct instructions *instructions,
				const struct memrw_hit *hit)
{
	const struct instruction key = {
		.ip = hit->ip,
		.kernel = hit->flags & MEMRW_HIT_KERNEL,
	};
	struct instruction *instruction, **found = tfind(&key, &instructions->tree, compare);

	if (found)
		return *found;
	instruction = insert(instructions, &key);
	if (!instruction)
		return NULL;
	instruction->place = code_places_find(instructions->places, hit->ip, false);
	disassemble(instructions, instruction, hit->architecture);
	return instruction;
}

const struct instruction *instructions_add(struct instructions *instructions,
					   const struct memrw_hit *hit)
{
	struct instruction *instruction = find(instructions, hit);

	if (!instruction)
		return NULL;
	instructions->hits++;
	instruction->count++;
	instruction->tid = hit->tid;
	instruction->known = !(hit->flags & MEMRW_HIT_NO_VALUE);
	instruction->value = hit->value;
	return instruction;
}

static int by_count(const void *a, const void *b)
{
	const struct instruction *first = *(struct instruction *const *)a;
	const struct instruction *second = *(struct instruction *const *)b;

	if (first->count != second->count)
		return first->count < second->count ? 1 : -1;
	return compare(first, second);
}

void instructions_sort(struct instructions *instructions)
{
	if (instructions->count > 0)
		qsort(instructions->list, instructions->count, sizeof(*instructions->list),
		      by_count);
}

static void keep(void *instruction)
{
	(void)instruction;
}

void instructions_clear(struct instructions *instructions)
{
	tdestroy(instructions->tree, keep);
	for (size_t i = 0; i < instructions->count; i++)
		free(instructions->list[i]);
	free(instructions->list);
	*instructions = (struct instructions){ 0 };
}
