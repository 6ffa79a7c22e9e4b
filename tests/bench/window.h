/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What windows cost, beside the target's memory being read and beside memory of
 * one's own, which no window can be better than.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "clock.h"

#define WINDOW_ROWS	9

/*
 * struct window_row
 * @what: is done through a window
 * @beside: what it is compared with
 * @goal: of @cost, as a fraction of @other, at most; 0 if none was set
 * @cost, @other: of a load, of all the bytes, or of a page
 */
struct window_row {
	const char *what, *beside;
	double goal;
	double cost, other;
};

/* @buffer is as long as the area, which is of base pages. */
void window_measure(struct window_row *rows, const struct pace *pace, const struct area *area,
		    uint8_t *buffer);

double window_ratio(const struct window_row *row);

#endif
