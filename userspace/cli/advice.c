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

#define RELOAD	"sudo modprobe -r memrw && sudo modprobe memrw"

/* A package's own scripts do what comes after its installation. */
static void no_source(const struct module *module, struct advice *advice)
{
	because(advice, "the driver is not installed");
	if (!module->has_apt)
		type(advice, "sudo make install-driver && sudo dkms install memrw/%s   (in the source of memrw)",
		     memrw_version());
	else if (module->has_headers)
		type(advice, "sudo apt install memrw-dkms");
	else
		type(advice, "sudo apt install linux-headers-%s memrw-dkms", module->release);
}

static void no_headers(const struct module *module, struct advice *advice)
{
	because(advice, "the module cannot be built without the headers of the kernel that runs, %s",
		module->release);
	if (module->has_apt)
		type(advice, "sudo apt install linux-headers-%s && sudo modprobe memrw",
		     module->release);
	else
		type(advice, "install these headers, then: sudo dkms install memrw/%s && sudo modprobe memrw",
		     module->source);
}

static void no_build(const struct module *module, struct advice *advice)
{
	if (module->build_log[0] != '\0')
		because(advice, "the module could not be built for the kernel that runs, %s: see %s",
			module->release, module->build_log);
	else
		because(advice, "the module has not been built for the kernel that runs, %s",
			module->release);
	type(advice, "sudo dkms install memrw/%s -k %s && sudo modprobe memrw",
	     module->source, module->release);
}

static void no_module(const struct memrw_device *device,
		      const struct module *module, struct advice *advice)
{
	if (device->module_installed) {
		because(advice, "the module memrw is not loaded");
		type(advice, "sudo modprobe memrw");
	} else if (!module->has_kernel) {
		because(advice, "this system has no modules of the kernel that runs, %s: it is a container or a chroot, or that kernel was removed",
			module->release);
	} else if (module->source[0] == '\0') {
		no_source(module, advice);
	} else if (!module->has_headers) {
		no_headers(module, advice);
	} else {
		no_build(module, advice);
	}
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

static void wrong_abi(const struct module *module, struct advice *advice)
{
	because(advice, "the loaded module is of another version than this command, %s",
		memrw_version());
	if (module_is_outdated(module))
		type(advice, RELOAD);
	else if (module->has_apt)
		type(advice, "sudo apt install memrw memrw-dkms && " RELOAD);
	else
		type(advice, "install the driver of that version, then: " RELOAD);
}

struct advice advice_on_reload(const struct module *module)
{
	struct advice advice = { "", "" };

	if (!module_is_outdated(module))
		return advice;
	because(&advice, "version %s of the module is loaded, version %s is installed, for the next boot",
		module->loaded, module->installed);
	type(&advice, "close the device everywhere, then: " RELOAD);
	return advice;
}

struct advice advice_of(const struct memrw_device *device, const struct module *module)
{
	struct advice advice = { "", "" };

	switch (device->status) {
	case MEMRW_DEVICE_READY:
		break;
	case MEMRW_DEVICE_NO_MODULE:
		no_module(device, module, &advice);
		break;
	case MEMRW_DEVICE_NO_NODE:
		no_node(&advice);
		break;
	case MEMRW_DEVICE_NO_PERMISSION:
		no_permission(device, &advice);
		break;
	case MEMRW_DEVICE_WRONG_ABI:
		wrong_abi(module, &advice);
		break;
	}
	return advice;
}
