/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bar on the terminal for a pass that takes more than a second, and the end
 * of a pass by Ctrl-C.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRESS_INTERVAL_MS	100

/**
 * struct progress - a pass
 * @start: when it began, CLOCK_MONOTONIC in nanoseconds
 * @shown: a bar is on the terminal
 */
struct progress {
	int64_t start;
	bool shown;
};

/** progress_begin() - a pass begins */
void progress_begin(struct progress *progress);

/** progress_report() - a memrw_scan_progress_fn; @data is the struct progress */
int progress_report(void *data, uint64_t done, uint64_t total);

/** progress_end() - the bar goes away */
void progress_end(struct progress *progress);

/**
 * progress_format() - the bar as text, without a line's end
 * @elapsed: nanoseconds
 */
void progress_format(char *text, size_t size, uint64_t done, uint64_t total,
		     int64_t elapsed);

/** progress_catch_interrupts() - SIGINT ends a pass from now on, not the program */
void progress_catch_interrupts(void);

/** progress_interrupted() - was there a SIGINT? all passes are ended by it, until ... */
bool progress_interrupted(void);

/** progress_forget_interrupt() - ... it is forgotten */
void progress_forget_interrupt(void);

#endif /* CLI_PROGRESS_H */
