/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls that programs are made of.
 */
#ifndef FUZZ_OP_H
#define FUZZ_OP_H

#include <stdint.h>

#include "value.h"

#define OP_ARGS	17

struct run;

/**
 * struct op - a call
 * @name: in a program's text
 * @args: up to the first without a name
 * @size: of the struct that it takes, or 0
 * @weight: how often it is made, beside the others'
 * @run: does it: what it returned, or a negative errno
 * @errors: what errnos it may fail with, up to a 0; NULL for any
 */
struct op {
	const char *name;
	struct {
		const char *name;
		enum kind kind;
	} args[OP_ARGS];
	uint64_t size;
	unsigned int weight;
	long (*run)(struct run *run, const uint64_t *args);
	const int *errors;
};

#define OPS	40

extern const struct op ops[OPS];

/* The index of the op of that name, or -1. */
int op_find(const char *name);

#endif
