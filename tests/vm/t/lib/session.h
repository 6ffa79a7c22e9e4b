/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors of /dev/memrw that a test has open, and what is done with them.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/commands.h"

/* Fails the test if it fails; the teardown closes what is still open. */
int session_open(int flags);
int session_open_bound(pid_t pid);
void session_close(int fd);
void sessions_close(void);

/* Of MEMRW_FEATURE_*: has the driver it, in this kernel? */
bool session_has_feature(int fd, uint64_t feature);

/* The state of the target, an enum memrw_target_state. */
int session_state(int fd);

#endif
