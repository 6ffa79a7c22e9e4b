/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pages of a part the target never touched: where that can be known
 * there is no need to read zeros, of which there may be very many.
 */
#ifndef CLI_UNTOUCHED_H
#define CLI_UNTOUCHED_H

#include "parts.h"

/** struct untouched - @pagemap: /proc/PID/pagemap, or -1 where nothing is known */
struct untouched {
	int pagemap;
};

/** untouched_open() - for the pages of one part */
void untouched_open(struct untouched *untouched, struct memrw_target *target,
		    const struct part *part);

/**
 * untouched_run() - bytes from an address on that were never touched
 * @length: that many at most
 *
 * Return: bytes; 0 also where nothing is known.
 */
uint64_t untouched_run(struct untouched *untouched, uint64_t address,
		       uint64_t length);

/**
 * untouched_next() - bytes from an address on, up to a page that was never touched
 * @length: that many at most
 *
 * Return: bytes; @length where nothing is known.
 */
uint64_t untouched_next(struct untouched *untouched, uint64_t address,
			uint64_t length);

/** untouched_close() - give it back; keeps errno */
void untouched_close(struct untouched *untouched);

#endif /* CLI_UNTOUCHED_H */
