/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What went wrong, for a person, on standard error.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

/** report() - "memrw: WHAT: WHY" */
void report(const char *what, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

/** report_note() - "memrw: NOTE", a line that explains the one before it */
void report_note(const char *note, ...) __attribute__((format(printf, 1, 2)));

/** report_try() - "memrw: try: COMMAND", what to do next */
void report_try(const char *command, ...) __attribute__((format(printf, 1, 2)));

/**
 * report_usage() - "memrw: SUBCOMMAND: WHY", and where to read more
 *
 * Return: the exit status for bad usage.
 */
int report_usage(const char *subcommand, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* CLI_REPORT_H */
