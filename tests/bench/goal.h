/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the driver is to reach.
 */
#ifndef GOAL_H
#define GOAL_H

#include "line.h"
#include "scaling.h"

/*
 * Of instructions, as a fraction of what process_vm_readv(2) or
 * process_vm_writev(2) needs, at most; 0 if no goal was set.
 */
double goal_of_line(const struct line *line);

/* Of two threads, in what one does, at least; 0 if no goal was set. */
double goal_of_scaling(const struct scaling *scaling);

/* Whether the driver's way needs more instructions than the best existing one: by 2 %. */
bool goal_is_slower(const struct line *line, enum way_id way);

#endif
