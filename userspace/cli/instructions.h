/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions that a watch has seen: how often each, and what it left behind.
 */
#ifndef CLI_INSTRUCTIONS_H
#define CLI_INSTRUCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "code_places.h"
#include "disassembly.h"
#include "memrw.h"

/**
 * struct instruction - one of them
 * @ip: as in its hits
 * @kernel: it is a system call, and the access the kernel's
 * @place: of @ip; NULL where memory was short
 * @count: of its hits
 * @tid: the thread of the last one
 * @known: is @value known?
 * @value: at the last one
 * @disassembled: is there a @disassembly?
 * @disassembly: the instruction itself
 */
struct instruction {
	uint64_t ip;
	bool kernel;
	const struct code_place *place;
	uint64_t count;
	pid_t tid;
	bool known;
	uint64_t value;
	bool disassembled;
	struct disassembly disassembly;
};

/**
 * struct instructions - all of them
 * @target: the target
 * @places: of their addresses
 * @kind: of the watch
 * @list: out: in the order in which they came, or that of instructions_sort()
 * @count: how many
 * @hits: of all
 * @tree: of tsearch(3), for instructions_add()
 */
struct instructions {
	struct memrw_target *target;
	struct code_places *places;
	enum memrw_watch_kind kind;
	struct instruction **list;
	size_t count;
	uint64_t hits;
	void *tree;
};

/**
 * instructions_add() - count a hit
 * @instructions: the first three members are set, all others zero before the first
 *
 * Return: its instruction, which lives as long as @instructions; NULL with ENOMEM.
 */
const struct instruction *instructions_add(struct instructions *instructions,
					   const struct memrw_hit *hit);

/** instructions_sort() - those with the most hits first, and those of as many by @ip */
void instructions_sort(struct instructions *instructions);

/** instructions_clear() - free what it holds, but not @places */
void instructions_clear(struct instructions *instructions);

#endif /* CLI_INSTRUCTIONS_H */
