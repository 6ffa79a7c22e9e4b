/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that is measured in one run of the program.
 */
#ifndef SUITE_H
#define SUITE_H

#include "line.h"
#include "scaling.h"
#include "watch.h"
#include "window.h"

/* The longest transfer of the tables that compare. */
#define SUITE_LENGTH	(64UL << 20)

#define SUITE_LINES	64

/*
 * struct suite
 * @lines, @count: table by table
 * @rounds: that were done
 * @agree: whether two rounds agree, for each figure
 * @windows, @watches: what they cost
 * @scaling: with the time, and not with instructions
 */
struct suite {
	const struct pace *pace;
	struct line lines[SUITE_LINES];
	size_t count;
	unsigned int rounds;
	bool agree;
	struct window_row windows[WINDOW_ROWS];
	struct watch_table watches;
	struct scaling scaling[SCALINGS];
};

/* With a target that sleeps until this process ends. */
void suite_prepare(struct suite *suite, const struct pace *pace);

/* That all ways do the same; ends the program if one does not. */
void suite_check(struct suite *suite);

void suite_measure(struct suite *suite);

double suite_difference(const struct suite *suite);

#endif
