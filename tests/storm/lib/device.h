/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/memrw beside its plain commands.  What fails returns -errno.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "lib/commands.h"

/* A descriptor that is closed on exec. */
int device_open(int flags);

/* What the driver leaves as it was is 0xa5. */
int device_target(int fd, struct memrw_get_target *target);

#endif
