/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Setting a watch, and what a person can do where that is refused.
 */
#ifndef CLI_WATCH_OPEN_H
#define CLI_WATCH_OPEN_H

#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/**
 * watch_open() - as memrw_watch_open()
 *
 * Return: the watch; NULL, with errno, after a report.
 */
struct memrw_watch *watch_open(struct memrw_target *target, uint64_t address, size_t length,
			       enum memrw_watch_kind kind,
			       const struct memrw_watch_filter *filter);

/**
 * watch_open_reason() - why memrw_watch_open() has failed, for a person
 * @filter: that it was called with; NULL for none
 * @error: its errno
 *
 * Return: a sentence, until the next call.
 */
const char *watch_open_reason(const struct memrw_target *target,
			      const struct memrw_watch_filter *filter, int error);

#endif /* CLI_WATCH_OPEN_H */
