/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copying a target's memory into a file with holes.
 */
#ifndef CLI_DUMP_COPY_H
#define CLI_DUMP_COPY_H

#include "memrw.h"
#include "parts.h"

/**
 * struct dump_copy - a copy on its way
 * @target: the target
 * @flags: MEMRW_FORCE
 * @fd: the file
 * @path: its name, for reports
 * @read: out: bytes that could be read
 */
struct dump_copy {
	struct memrw_target *target;
	unsigned int flags;
	int fd;
	const char *path;
	uint64_t read;
};

/**
 * dump_copy_part() - copy a part to where it belongs, but for pages of zeros
 *
 * The target gets no page for it that it has not.  What cannot be read is made
 * a gap of the part.
 *
 * Return: 0, or -1 after a report: the target is gone, or the file is full.
 */
int dump_copy_part(struct dump_copy *copy, struct part *part);

#endif /* CLI_DUMP_COPY_H */
