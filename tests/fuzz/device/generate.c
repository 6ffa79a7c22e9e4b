// SPDX-License-Identifier: GPL-2.0-only
#include "generate.h"

#include <fcntl.h>
#include <string.h>

#include "rng.h"
#include "value.h"

static unsigned int any_op(void)
{
	unsigned int total = 0, pick, op;

	for (op = 0; op < OPS; op++)
		total += ops[op].weight;
	pick = rng_below(total);
	for (op = 0; pick >= ops[op].weight; op++)
		pick -= ops[op].weight;
	return op;
}

static unsigned int arg_count(const struct op *op)
{
	unsigned int count = 0;

	while (count < OP_ARGS && op->args[count].name)
		count++;
	return count;
}

static void make_call(struct call *call, unsigned int op)
{
	memset(call, 0, sizeof(*call));
	call->op = op;
	for (unsigned int i = 0; i < arg_count(&ops[op]); i++)
		call->args[i] = value_make(ops[op].args[i].kind, ops[op].size);
}

/* Without a session that is bound, most calls would end at once. */
static void make_bound_session(struct program *program)
{
	struct call *open = &program->calls[0], *bind = &program->calls[1];

	make_call(open, op_find("open"));
	open->args[0] = 0;
	if (!rng_once_in(4))
		open->args[1] = O_RDWR;
	make_call(bind, op_find("set_target"));
	bind->args[0] = 0;
	program->count = 2;
}

/* Some, as any of the many things in one may be bad. */
static void make_watches(struct program *program)
{
	for (int i = 0; i < 3; i++) {
		struct call *call = &program->calls[program->count++];

		make_call(call, op_find("watch"));
		call->args[0] = 0;
	}
}

/* Those from "watch" to "access": of the others there are too many between them. */
static unsigned int any_watch_op(void)
{
	unsigned int first = op_find("watch"), last = op_find("access");

	return rng_once_in(2) ? last : first + rng_below(last - first);
}

void generate(struct program *program)
{
	unsigned int count = 4 + rng_below(PROGRAM_CALLS - 3);
	bool watches = rng_once_in(6);

	program->count = 0;
	if (!rng_once_in(16))
		make_bound_session(program);
	if (watches)
		make_watches(program);
	while (program->count < count)
		make_call(&program->calls[program->count++],
			  watches && !rng_once_in(4) ? any_watch_op() : any_op());
}

/*
 * Ways to change a program
 */

static void mutate_arg(struct program *program)
{
	struct call *call = &program->calls[rng_below(program->count)];
	const struct op *op = &ops[call->op];
	unsigned int args = arg_count(op), i;

	if (!args)
		return;
	i = rng_below(args);
	call->args[i] = value_mutate(op->args[i].kind, call->args[i], op->size);
}

static void insert(struct program *program, unsigned int at, const struct call *call)
{
	if (program->count == PROGRAM_CALLS)
		program->count--;
	if (at > program->count)
		at = program->count;
	memmove(&program->calls[at + 1], &program->calls[at],
		(program->count - at) * sizeof(*call));
	program->calls[at] = *call;
	program->count++;
}

static void insert_call(struct program *program)
{
	struct call call;

	make_call(&call, any_op());
	insert(program, rng_below(program->count + 1), &call);
}

static void repeat_call(struct program *program)
{
	struct call call = program->calls[rng_below(program->count)];

	insert(program, rng_below(program->count + 1), &call);
}

static void remove_call(struct program *program)
{
	unsigned int at = rng_below(program->count);

	if (program->count == 1)
		return;
	program->count--;
	memmove(&program->calls[at], &program->calls[at + 1],
		(program->count - at) * sizeof(program->calls[0]));
}

/* The end of the other one behind a beginning of this one. */
static void cross(struct program *program, const struct program *other)
{
	unsigned int from = rng_below(other->count);

	program->count = 1 + rng_below(program->count);
	while (from < other->count && program->count < PROGRAM_CALLS)
		program->calls[program->count++] = other->calls[from++];
}

static void mutate_once(struct program *program, const struct program *other)
{
	switch (rng_below(10)) {
	case 0:
		insert_call(program);
		break;
	case 1:
		repeat_call(program);
		break;
	case 2:
		remove_call(program);
		break;
	case 3:
		cross(program, other);
		break;
	default:
		mutate_arg(program);
	}
}

void mutate(struct program *program, const struct program *other)
{
	do {
		mutate_once(program, other);
	} while (!rng_once_in(3));
}
