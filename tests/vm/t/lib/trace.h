/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's trace buffer, and the driver's tracepoints in it. */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where tracefs is; mounts it if it is nowhere.  NULL if the kernel has none. */
const char *trace_root(void);

/* Leaves the test, as skipped, if the kernel has no tracefs. */
void trace_start(const char *event);

/* The same for calls of a function of the kernel's, as the event "memrw_probe". */
void trace_start_calls(const char *function);

/* From now on nothing is recorded, and what was can be read. */
void trace_pause(void);

/* Ends the tracing of all events; the lines recorded, to be freed. */
char *trace_stop(void);

/* Is there a line about @event, recorded by the process @pid? */
bool trace_has(const char *text, const char *event, pid_t pid);

/*
 * The field @name=VALUE of the first line of @text that is about @event and
 * that was recorded by the process @pid; false if there is none.  A value is
 * a number (decimal or 0x) or a word.
 */
bool trace_word(const char *text, const char *event, pid_t pid, const char *name, char *word,
		size_t size);
bool trace_number(const char *text, const char *event, pid_t pid, const char *name,
		  int64_t *number);

#endif
