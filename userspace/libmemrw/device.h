/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MEMRW_DEVICE_H
#define MEMRW_DEVICE_H

#include "memrw.h"

struct udev;

/*
 * The node that udev has for the driver; ENOENT if it has none.
 * @setup: out: udev's rules have been applied to the node
 */
int mrw_device_find(struct udev *udev, char *node, size_t size, bool *setup);

/* The same, without a struct udev at hand. */
int mrw_device_node(char *node, size_t size);

#endif
