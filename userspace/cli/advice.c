// SPDX-License-Identifier: GPL-2.0-only

#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advice.h"

#define GROUP	"memrw"

__attribute__((format(printf, 2, 3)))
static void because(struct advice *advice, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(advice->why, sizeof(advice->why), format, arguments);
	va_end(arguments);
}

__attribute__((format(printf, 2, 3)))
static void type(struct advice *advice, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(advice->command, sizeof(advice->command), format, arguments);
	va_end(arguments);
}

static void no_module(const struct memrw_device *device, struct advice *advice)
{
	if (device->module_installed) {
		because(advice, "the module memrw is not loaded");
		type(advice, "sudo modprobe memrw");
		return;
	}
	because(advice, "the module memrw is not installed for the running kernel");
	type(advice, "sudo apt install memrw-dkms \"linux-headers-$(uname -r)\"");
}

static void no_node(struct advice *advice)
{
	because(advice, "the module memrw is loaded, but udev has made no /dev/memrw");
	type(advice, "sudo udevadm trigger --subsystem-match=misc");
}

static const char *user_name(void)
{
	struct passwd *user = getpwuid(getuid());

	return user ? user->pw_name : "$USER";
}

/* Not a group to advise anyone to join: the node is set up wrongly. */
static bool node_is_misconfigured(const struct memrw_device *device)
{
	return device->gid == 0 || !(device->mode & S_IRGRP) ||
	       !(device->mode & S_IWGRP);
}

static void no_permission(const struct memrw_device *device,
			  struct advice *advice)
{
	struct group *group = getgrgid(device->gid);
	const char *name = group ? group->gr_name : "?";

	if (node_is_misconfigured(device)) {
		because(advice, "%s has group %s and mode %04o, not group " GROUP " and mode 0660",
			device->node, name, device->mode & 07777);
		type(advice, "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=misc");
	} else if (device->in_group) {
		because(advice, "%s may not be opened here, although you are in its group, %s",
			device->node, name);
	} else if (device->in_group_database) {
		because(advice, "you joined the group %s after this login", name);
		type(advice, "log in again (or: newgrp %s)", name);
	} else {
		because(advice, "you are not in the group %s", name);
		type(advice, "sudo adduser %s %s   (and log in again)", user_name(), name);
	}
}

static void wrong_abi(struct advice *advice)
{
	because(advice, "the loaded module is of another version than this command, %s",
		memrw_version());
	type(advice, "sudo apt install memrw memrw-dkms && sudo modprobe -r memrw && sudo modprobe memrw");
}

struct advice advice_of(const struct memrw_device *device)
{
	struct advice advice = { "", "" };

	switch (device->status) {
	case MEMRW_DEVICE_READY:
		break;
	case MEMRW_DEVICE_NO_MODULE:
		no_module(device, &advice);
		break;
	case MEMRW_DEVICE_NO_NODE:
		no_node(&advice);
		break;
	case MEMRW_DEVICE_NO_PERMISSION:
		no_permission(device, &advice);
		break;
	case MEMRW_DEVICE_WRONG_ABI:
		wrong_abi(&advice);
		break;
	}
	return advice;
}
