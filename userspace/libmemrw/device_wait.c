// SPDX-License-Identifier: LGPL-2.1-or-later
/* Waiting for the device, as udev or the kernel announces it. */
#include "device.h"

#include <errno.h>
#include <libudev.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

/*
 * The kernel announces a device when its node is there, udev when its rules
 * have been applied too.  Which of them comes last depends on whether udev
 * runs, and that may change while we wait: listen to both.
 */
static const char *const sources[] = { "kernel", "udev" };

#define SOURCES (sizeof(sources) / sizeof(*sources))

struct waiter {
	struct udev *udev;
	struct udev_monitor *monitors[SOURCES];
	struct pollfd fds[SOURCES];
};

static bool udev_runs(void)
{
	return !access("/run/udev/control", F_OK);
}

static bool is_ready(struct udev *udev)
{
	char node[64];
	bool setup;

	return !mrw_device_find(udev, node, sizeof(node), &setup) &&
	       !access(node, F_OK) && (setup || !udev_runs());
}

static int listen_to(struct waiter *waiter, size_t source)
{
	struct udev_monitor *monitor;

	monitor = udev_monitor_new_from_netlink(waiter->udev, sources[source]);
	if (!monitor)
		return -1;
	waiter->monitors[source] = monitor;

	udev_monitor_filter_add_match_subsystem_devtype(monitor, "misc", NULL);
	if (udev_monitor_enable_receiving(monitor) < 0)
		return -1;
	waiter->fds[source].fd = udev_monitor_get_fd(monitor);
	waiter->fds[source].events = POLLIN;
	return 0;
}

static void waiter_close(struct waiter *waiter)
{
	size_t i;

	for (i = 0; i < SOURCES; i++)
		udev_monitor_unref(waiter->monitors[i]);
	udev_unref(waiter->udev);
}

static int waiter_open(struct waiter *waiter)
{
	size_t i;

	*waiter = (struct waiter){ .udev = udev_new() };
	if (!waiter->udev)
		return -1;
	for (i = 0; i < SOURCES; i++) {
		if (listen_to(waiter, i) < 0) {
			waiter_close(waiter);
			return -1;
		}
	}
	return 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Milliseconds as poll(2) takes them: -1 for ever, 0 when @deadline is past. */
static int until(int64_t deadline)
{
	int64_t left;

	if (deadline < 0)
		return -1;
	left = deadline - now_ms();
	if (left < 0)
		return 0;
	return left < INT_MAX ? left : INT_MAX;
}

/* What an event says is asked for anew: all of them are only to be taken out. */
static void drain(struct waiter *waiter)
{
	struct udev_device *device;
	size_t i;

	for (i = 0; i < SOURCES; i++)
		while ((device = udev_monitor_receive_device(waiter->monitors[i])))
			udev_device_unref(device);
}

static int wait_until(struct waiter *waiter, int64_t deadline)
{
	int ret;

	/* Asked after listening began, so that no event falls in between. */
	while (!is_ready(waiter->udev)) {
		ret = poll(waiter->fds, SOURCES, until(deadline));
		if (ret < 0)
			return -1;
		if (!ret) {
			errno = ETIMEDOUT;
			return -1;
		}
		drain(waiter);
	}
	return 0;
}

int memrw_device_wait(int timeout_ms)
{
	struct waiter waiter;
	int ret, saved;

	if (timeout_ms < -1) {
		errno = EINVAL;
		return -1;
	}
	if (waiter_open(&waiter) < 0)
		return -1;

	ret = wait_until(&waiter, timeout_ms < 0 ? -1 : now_ms() + timeout_ms);
	saved = errno;
	waiter_close(&waiter);
	errno = saved;
	return ret;
}
