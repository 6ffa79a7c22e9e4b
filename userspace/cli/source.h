/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory to be compared: that of a dump, or of a target.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "memrw.h"
#include "parts.h"
#include "untouched.h"

/**
 * struct source - either of the two
 * @name: for people: the path of the dump, or the TARGET
 * @fd: of the dump; -1 for a target
 * @target: NULL for a dump; not the source's own
 * @flags: MEMRW_FORCE
 * @parts: what it has; regions that may not be read are gaps
 * @untouched: what is known of @untouched_part
 * @untouched_part: the part that was last asked for
 */
struct source {
	const char *name;
	int fd;
	struct memrw_target *target;
	unsigned int flags;
	struct parts parts;
	struct untouched untouched;
	const struct part *untouched_part;
};

/**
 * source_open_dump() - a dump and its index
 * @source: out; to be given back with source_close() in any case
 * @path: of the dump
 *
 * Return: 0, or the exit status after a report.
 */
int source_open_dump(struct source *source, const char *path);

/** source_open_target() - a target, as source_open_dump() a dump */
int source_open_target(struct source *source, const char *name,
		       struct memrw_target *target, unsigned int flags);

/**
 * source_read() - the memory at an address
 * @part: of the source; the range is in it, and there is no gap there
 *
 * Return: bytes, always from the start; 0 if it cannot be read there, after
 * all; -1 after a report.
 */
ssize_t source_read(struct source *source, const struct part *part,
		    uint64_t address, void *buffer, size_t length);

/**
 * source_zeros() - how many bytes from an address on are known to be zeros
 *
 * Return: bytes, up to @length.
 */
uint64_t source_zeros(struct source *source, const struct part *part,
		      uint64_t address, uint64_t length);

/** source_close() - give back what it holds */
void source_close(struct source *source);

#endif /* CLI_SOURCE_H */
