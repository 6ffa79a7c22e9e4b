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
	char *before;
	bool writing;
	size_t written;
};

/**
 * change_make() - read the old bytes, all of them, and write the new ones
 *
 * Return: the exit status; @range.error tells what change_report() will.
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
