/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's audit log, read beside its daemon, and what governs it. */
#ifndef AUDIT_H
#define AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/audit.h>

/* Turns auditing on.  Leaves the test, as skipped, where there is none. */
void audit_start(void);

/* As it was before, all written; safe to call at any time, when no worker is left. */
void audit_stop(void);

/* AUDIT_SET of the fields that @mask names; 0, or -errno as the kernel answered. */
int audit_set(struct audit_status status);

/* With room for one record, and a daemon that does not read: who writes one waits. */
void audit_fill(void);

/* The next record of the driver's, in static storage; "" if none comes in time. */
const char *audit_next(unsigned int timeout_ms);

/* What is behind the field's "="; false if there is no such field, or two. */
bool audit_field(const char *record, const char *name, char *value, size_t size);

#endif
