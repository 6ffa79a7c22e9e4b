// SPDX-License-Identifier: GPL-2.0-only
#include "lib/device.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int device_open(int flags)
{
	int fd = open(MEMRW_NODE, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int device_target(int fd, struct memrw_get_target *target)
{
	memset(target, 0xa5, sizeof(*target));
	target->size = sizeof(*target);
	target->flags = 0;
	target->reserved = 0;
	return session_command(fd, MEMRW_IOC_GET_TARGET, target);
}
