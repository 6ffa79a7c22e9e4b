/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading and writing the target piece by piece, to the end or to the first
 * failure.
 */
#ifndef CLI_TRANSFER_H
#define CLI_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/**
 * struct transfer - a range of the target, and how far it was moved
 * @target: the target
 * @flags: MEMRW_FORCE
 * @address: of the next byte
 * @remaining: bytes still to be moved
 * @ahead: of a read: bytes at @address that were read already
 * @ahead_length: how many
 * @error: the errno that ended it, or 0
 */
struct transfer {
	struct memrw_target *target;
	unsigned int flags;
	uint64_t address;
	uint64_t remaining;
	const char *ahead;
	size_t ahead_length;
	int error;
};

/**
 * transfer_read() - the next bytes
 *
 * Return: bytes, less than @size only before the end or a failure; 0 at the
 * end, and after a failure (@error tells).
 */
size_t transfer_read(struct transfer *transfer, void *buffer, size_t size);

/** transfer_write() - likewise, in the other direction */
size_t transfer_write(struct transfer *transfer, const void *buffer, size_t size);

/**
 * transfer_reason() - why a transfer ended, for a person
 * @transfer: with an @error
 * @writing: its direction
 * @reason: out
 * @size: of @reason
 */
const char *transfer_reason(const struct transfer *transfer, bool writing,
			    char *reason, size_t size);

/** transfer_report() - report it, by the address that was not reached */
void transfer_report(const struct transfer *transfer, bool writing);

#endif /* CLI_TRANSFER_H */
