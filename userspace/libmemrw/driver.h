/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MEMRW_DRIVER_H
#define MEMRW_DRIVER_H

#include <linux/memrw.h>

/*
 * GET_INFO of an open node; ENXIO if what is behind it does not speak the ABI
 * that this library was written for.
 */
int mrw_driver_info(int fd, struct memrw_info *info);

#endif
