/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One change of the target's memory: what was there, what is there now.
 */
#ifndef CLI_CHANGE_H
#define CLI_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transfer.h"

/**
 * struct change - a range of the target and its new bytes
 * @range: the target, the address and the flags; how far the change got
 * @after: the new bytes
 * @length: how many
 * @typed: they are values of @type
 * @type: their type
 * @expected: the old bytes that there must be: the change is then one atomic
 *	operation, on a number; NULL if they may be any
 * @unexpected: there were others
 * @before: the old bytes, to be freed
 * @writing: the old bytes are all there, and writing began
 * @written: bytes that were written
 */
struct change {
	struct transfer range;
	const char *after;
	size_t length;
	bool typed;
	enum memrw_type type;
	const char *expected;
	bool unexpected;
	char *before;
	bool writing;
	size_t written;
};

/**
 * change_make() - read the old bytes, all of them, and write the new ones; or
 *	all at once, if they are the @expected ones
 *
 * Return: the exit status; if it is a failure, change_report() tells why.
 */
int change_make(struct change *change);

/**
 * change_show() - print what was written, and what was there before
 *
 * Return: the exit status.
 */
int change_show(const struct change *change, bool json);

/** change_report() - report what ended the change early, if anything did */
void change_report(const struct change *change);

#endif /* CLI_CHANGE_H */
