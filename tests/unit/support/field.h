/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that a target and the test have at the same addresses and with the
 * same bytes: what the one does to it, the other does too.  So the test knows
 * what a scan has to find.
 */
#ifndef FIELD_H
#define FIELD_H

#include "unit.h"

/* A number of chunks of a scan, and a part of one. */
#define FIELD	((size_t)(5 << 18) + 20480)

extern uint8_t *field;
extern struct child field_child;
extern struct memrw_target *field_target;

/* setup and teardown */
int field_start(void **state);
int field_stop(void **state);

/* Changes by a seed, in both: some values up, some down, some another. */
void field_change(uint64_t seed);

/* In the child alone. */
void field_unmap(size_t page);
void field_exec(void);

/* A scan of the field, or a part of it. */
struct memrw_scan *field_scan(unsigned int types, size_t start, size_t end);

/* A pass, and one that must work. */
int field_try(struct memrw_scan *scan, enum memrw_scan_op op, const char *value);
void field_run(struct memrw_scan *scan, enum memrw_scan_op op, const char *value);

#endif
