/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is to be moved: one transfer, or the segments of a batch.
 */
#ifndef WORK_H
#define WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <linux/memrw.h>

#include "area.h"

enum direction { READ, WRITE, DIRECTIONS };

/*
 * ALONE: a transfer, from the area's start on.  The others are batches, of
 * segments of 8 bytes: each on a page of its own, or eight on a page, by their
 * addresses or in any order.
 */
enum layout { ALONE, OWN_PAGE, SORTED, SHUFFLED, LAYOUTS };

extern const char *const direction_names[DIRECTIONS], *const layout_names[LAYOUTS];

/*
 * struct work
 * @area: where, of the target's
 * @buffer: of this process
 * @length: bytes, of the transfer or of each segment
 * @segments: their number; 1 if it is a transfer
 * @local, @remote, @segment: of a batch: the same segments, as
 *	process_vm_readv(2) and as the driver has them
 */
struct work {
	enum direction direction;
	enum layout layout;
	const struct area *area;
	uint8_t *buffer;
	size_t length;
	size_t segments;
	struct iovec *local, *remote;
	struct memrw_segment *segment;
};

struct work work_transfer(enum direction direction, const struct area *area, uint8_t *buffer,
			  size_t length);

/* Ends the program if there is no memory for the segments, which it then keeps. */
struct work work_batch(enum direction direction, enum layout layout, const struct area *area,
		       uint8_t *buffer, size_t segments);

size_t work_bytes(const struct work *work);

#endif
