// SPDX-License-Identifier: LGPL-2.1-or-later
/* Windows of the driver backend. */
#include "driver.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

void *mrw_driver_window_map(struct mrw_binding *binding, uint64_t address,
			    size_t length, bool write)
{
	const struct driver *d = mrw_to_driver(binding);
	void *window;

	if (!(d->info.features & MEMRW_FEATURE_WINDOW)) {
		errno = ENOTSUP;
		return NULL;
	}
	window = mmap(NULL, length, PROT_READ | (write ? PROT_WRITE : 0), MAP_SHARED,
		      d->fd, (off_t)address);
	if (window != MAP_FAILED)
		return window;
	/* What the kernel says of an offset where no process has memory. */
	if (errno == EOVERFLOW)
		errno = EINVAL;
	return NULL;
}

ssize_t mrw_driver_window_sync(struct mrw_binding *binding, const void *window,
			       size_t length, uint64_t *bitmap, unsigned int flags)
{
	const struct driver *d = mrw_to_driver(binding);
	struct memrw_sync_window sync = {
		.size = sizeof(sync),
		.flags = flags,
		.address = (uintptr_t)window,
		.length = length,
		.bitmap = (uintptr_t)bitmap,
	};

	if (ioctl(d->fd, MEMRW_IOC_SYNC_WINDOW, &sync) < 0)
		return -1;
	return sync.stale;
}
