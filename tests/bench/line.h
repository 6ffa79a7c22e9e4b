/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a table: the same work done in all ways that can do it.
 */
#ifndef LINE_H
#define LINE_H

#include "clock.h"
#include "way.h"
#include "work.h"

/* The tables.  The last two are of memrw alone, for what it does with more. */
enum table { TRANSFERS, BATCHES, BYTES, SEGMENTS, TABLES };

extern const char *const table_names[TABLES];

/*
 * struct line
 * @cost: of all the work, by way; 0: not a way to do it
 * @difference: by how much the two rounds that it is from differ
 * @last: the cost in the last round
 */
struct line {
	enum table table;
	struct work work;
	double cost[WAYS];
	double difference[WAYS];
	double last[WAYS];
};

bool line_has(const struct line *line, enum way_id way);

/* What @cost is divided by to be shown: of a call, of a segment or of a byte. */
double line_units(const struct line *line);

/* One more round of those ways that had no two that agree; whether all have. */
bool line_measure(struct line *line, const struct pace *pace);

/* The best of the existing ways; WAYS if there is none. */
enum way_id line_best_existing(const struct line *line);

/* The driver's way that the line is about. */
enum way_id line_subject(const struct line *line);

/* What the driver's way costs as a fraction of the best existing one; 0 if there is none. */
double line_ratio(const struct line *line, enum way_id way);

/* The same of what process_vm_readv(2) or process_vm_writev(2) costs. */
double line_ratio_to_process_vm(const struct line *line, enum way_id way);

double line_difference(const struct line *line);

#endif
