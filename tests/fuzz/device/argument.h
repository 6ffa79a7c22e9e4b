/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The struct of an ioctl, where a program wants it, and the call with it.
 */
#ifndef FUZZ_ARGUMENT_H
#define FUZZ_ARGUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run.h"

/**
 * struct argument - a struct on its way
 * @slot: of the descriptor
 * @place: where it is
 * @command: for ioctl(2)
 * @content: the struct
 * @known: bytes in it
 * @size: bytes that it claims to have
 * @tail: what is behind @known: zeros, or one byte that is none
 * @input: the driver only reads it: it may be read-only
 * @opens: it returns a descriptor
 * @check: looks at the struct that came back of a call that has succeeded
 */
struct argument {
	uint64_t slot;
	uint64_t place;
	unsigned int command;
	const void *content;
	size_t known;
	uint64_t size;
	uint64_t tail;
	bool input;
	bool opens;
	void (*check)(struct run *run, const void *in, const void *out);
};

/**
 * argument_call() - place it and call
 *
 * What no command may do is found here: success with a bad struct, a header
 * that has changed.
 *
 * Return: of ioctl(2), or a negative errno.
 */
long argument_call(struct run *run, const struct argument *argument);

#endif
