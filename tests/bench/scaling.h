/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What two threads do, on two processors, of what one does.
 */
#ifndef SCALING_H
#define SCALING_H

#include "clock.h"
#include "way.h"

#define SCALINGS	6

/*
 * struct scaling - reads of base pages, through one session; each thread has
 *	an area of its own in the same target
 * @one, @two: calls a second, of all threads together
 */
struct scaling {
	enum way_id way;
	size_t length;
	double one, two;
};

void scaling_measure(struct scaling *scalings, const struct pace *pace, const struct area *area,
		     uint8_t *buffer);

double scaling_ratio(const struct scaling *scaling);

#endif
