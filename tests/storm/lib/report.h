/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The results, as TAP.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

/* One test. */
void report(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One that cannot be run here. */
void report_skip(const char *what, const char *why);

/* A line for people to read. */
void report_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The plan; the exit status of the program. */
int report_end(void);

#endif
