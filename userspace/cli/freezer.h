/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values that are written again and again, or kept within bounds.
 *
 * A value is written at its own width, in one transfer, and nothing beside it.
 * A freezer runs in a thread of its own between freezer_start() and
 * freezer_stop(), or whenever freezer_step() is called.  Its functions may be
 * called from several threads.
 */
#ifndef CLI_FREEZER_H
#define CLI_FREEZER_H

#include <stdint.h>

#include "frozen.h"
#include "memrw.h"

struct freezer;

/**
 * freezer_open() - a freezer without values
 * @target: its target, for as long as it is open
 * @flags: MEMRW_FORCE
 *
 * Return: the freezer, to be given back with freezer_close(); NULL with errno.
 */
struct freezer *freezer_open(struct memrw_target *target, unsigned int flags);

/**
 * freezer_add() - one more value, which is due at once
 * @freeze: is copied
 *
 * Return: its number, which no other value gets; -1 with errno: EINVAL without
 * an interval, or with neither bytes nor bounds; ENOMEM.
 */
int64_t freezer_add(struct freezer *freezer, const struct freeze *freeze);

/** freezer_remove() - let a value go; -1 with ENOENT if there is none */
int freezer_remove(struct freezer *freezer, int64_t number);

/** freezer_status() - what came of a value; -1 with ENOENT if there is none */
int freezer_status(struct freezer *freezer, int64_t number,
		   struct freeze_status *status);

/**
 * freezer_ended() - is the target gone?
 *
 * Return: ESRCH or ESTALE, or 0.
 */
int freezer_ended(struct freezer *freezer);

/**
 * freezer_step() - do what is due
 * @now: clock_now()
 *
 * Return: when the next value is due; INT64_MAX if none ever is.
 */
int64_t freezer_step(struct freezer *freezer, int64_t now);

/** freezer_start() - do what is due in a thread; -1 with errno */
int freezer_start(struct freezer *freezer);

/** freezer_stop() - end that thread, if it runs: no value is written any more */
void freezer_stop(struct freezer *freezer);

/** freezer_close() - stop it, and free it; NULL is fine */
void freezer_close(struct freezer *freezer);

#endif /* CLI_FREEZER_H */
