/* SPDX-License-Identifier: GPL-2.0-only */
/* What each test of watches begins with: a target, a session, and a word that is 0. */
#ifndef WATCHED_H
#define WATCHED_H

#include <stdint.h>

#include "lib/worker.h"

extern struct worker *target;
extern int session;
extern uint64_t address;

/* Of cmocka's. */
int watched_setup(void **state);

#endif
