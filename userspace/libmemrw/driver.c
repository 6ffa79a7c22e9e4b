// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The driver backend: /dev/memrw, by the ABI of <linux/memrw.h>.  Binding and
 * regions are here; driver_transfer.c moves the bytes, driver_window.c maps them, and
 * driver_watch.c has who touches them told.
 */
#include "driver.h"
#include "device.h"
#include "pages.h"
#include "pidfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Of a pagemap. */
#define NOT_ASKED	(-2)

int mrw_driver_info(int fd, struct memrw_info *info)
{
	*info = (struct memrw_info){ .size = sizeof(*info) };
	if (ioctl(fd, MEMRW_IOC_GET_INFO, info) < 0 ||
	    info->abi_version != MEMRW_ABI_VERSION) {
		errno = ENXIO;
		return -1;
	}
	info->version[sizeof(info->version) - 1] = '\0';
	return 0;
}

static int get_target(const struct driver *d, struct memrw_get_target *target)
{
	*target = (struct memrw_get_target){ .size = sizeof(*target) };
	return ioctl(d->fd, MEMRW_IOC_GET_TARGET, target);
}

static int bind_session(struct driver *d, pid_t pid)
{
	struct memrw_set_target set = { .size = sizeof(set), .pid = pid };
	struct memrw_get_target target;

	if (mrw_driver_info(d->fd, &d->info) < 0 ||
	    ioctl(d->fd, MEMRW_IOC_SET_TARGET, &set) < 0 ||
	    get_target(d, &target) < 0)
		return -1;

	d->binding.transfer_max = d->info.transfer_max;
	if (d->info.features & MEMRW_FEATURE_BATCH)
		d->binding.batch_max = MRW_DRIVER_BATCH_MAX;
	memcpy(d->binding.comm, target.comm, sizeof(d->binding.comm));
	return 0;
}

static int open_node(bool read_only)
{
	char node[64];

	if (mrw_device_node(node, sizeof(node)) < 0)
		return -1;
	return open(node, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
}

static struct mrw_binding *driver_open(pid_t pid, int pidfd, bool read_only)
{
	struct driver *d;

	d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;

	d->binding.backend = &mrw_driver;
	d->pidfd = pidfd;
	d->pagemap = NOT_ASKED;
	d->fd = open_node(read_only);
	if (d->fd < 0)
		goto free;
	if (bind_session(d, pid) < 0)
		goto close;
	return &d->binding;

close:
	close(d->fd);
free:
	free(d);
	return NULL;
}

static void driver_close(struct mrw_binding *binding)
{
	struct driver *d = mrw_to_driver(binding);

	if (d->pagemap >= 0)
		close(d->pagemap);
	close(d->fd);
	free(d);
}

static int driver_state(struct mrw_binding *binding, enum memrw_state *state)
{
	struct memrw_get_target target;

	if (get_target(mrw_to_driver(binding), &target) < 0)
		return -1;

	switch (target.state) {
	case MEMRW_TARGET_BOUND:
		*state = MEMRW_STATE_BOUND;
		return 0;
	case MEMRW_TARGET_EXECED:
		*state = MEMRW_STATE_EXECED;
		return 0;
	default:
		*state = MEMRW_STATE_EXITED;
		return 0;
	}
}

/*
 * Which pages there are procfs knows, if it lets the caller see.  What was opened
 * while the target was bound is that of the memory that is bound.
 */
static int open_pagemap(struct driver *d)
{
	pid_t pid = mrw_pidfd_proc_pid(d->pidfd);
	struct memrw_get_target target;
	char path[64];
	int pagemap;

	if (pid < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	if (pagemap < 0)
		return -1;
	if (!get_target(d, &target) && target.state == MEMRW_TARGET_BOUND)
		return pagemap;
	close(pagemap);
	return -1;
}

static int pagemap_of(struct driver *d)
{
	int pagemap = __atomic_load_n(&d->pagemap, __ATOMIC_RELAXED), opened;

	if (pagemap != NOT_ASKED)
		return pagemap;
	opened = open_pagemap(d);
	if (__atomic_compare_exchange_n(&d->pagemap, &pagemap, opened, false,
					__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return opened;
	/* Another thread was quicker. */
	if (opened >= 0)
		close(opened);
	return pagemap;
}

static int driver_pages(struct mrw_binding *binding, uint64_t address,
			size_t length, struct mrw_run *run)
{
	return mrw_pages_ask(pagemap_of(mrw_to_driver(binding)), address, length, run);
}

struct walk {
	const struct driver *driver;
	char name[];
};

static void *driver_walk_open(struct mrw_binding *binding)
{
	struct driver *d = mrw_to_driver(binding);
	struct memrw_get_target target;
	struct walk *walk;

	if (!(d->info.features & MEMRW_FEATURE_REGION)) {
		errno = ENOTSUP;
		return NULL;
	}
	if (get_target(d, &target) < 0)
		return NULL;
	if (target.state != MEMRW_TARGET_BOUND) {
		errno = target.state == MEMRW_TARGET_EXECED ? ESTALE : ESRCH;
		return NULL;
	}

	walk = malloc(sizeof(*walk) + d->info.name_max);
	if (walk)
		walk->driver = d;
	return walk;
}

static int query(struct walk *walk, struct memrw_query_region *query)
{
	if (!ioctl(walk->driver->fd, MEMRW_IOC_QUERY_REGION, query))
		return 1;
	/* No region there or behind. */
	return errno == EIO ? 0 : -1;
}

static int driver_walk_next(void *cookie, uint64_t address,
			    struct memrw_region *region)
{
	struct walk *walk = cookie;
	struct memrw_query_region found = {
		.size = sizeof(found),
		.address = address,
		.name = (uintptr_t)walk->name,
		.name_size = walk->driver->info.name_max,
	};
	int ret;

	ret = query(walk, &found);
	if (ret <= 0)
		return ret;

	*region = (struct memrw_region){
		.start = found.start,
		.end = found.end,
		.properties = found.properties,
		.device_major = found.device_major,
		.device_minor = found.device_minor,
		.offset = found.offset,
		.inode = found.inode,
		.name = found.name_size ? walk->name : "",
	};
	return 1;
}

static void driver_walk_close(void *walk)
{
	free(walk);
}

const struct mrw_backend mrw_driver = {
	.id = MEMRW_BACKEND_DRIVER,
	.open = driver_open,
	.close = driver_close,
	.read = mrw_driver_read,
	.write = mrw_driver_write,
	.readv = mrw_driver_readv,
	.writev = mrw_driver_writev,
	.atomic = mrw_driver_atomic,
	.window_map = mrw_driver_window_map,
	.window_sync = mrw_driver_window_sync,
	.watch_open = mrw_driver_watch_open,
	.pages = driver_pages,
	.state = driver_state,
	.walk_open = driver_walk_open,
	.walk_next = driver_walk_next,
	.walk_close = driver_walk_close,
};
