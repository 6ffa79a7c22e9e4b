// SPDX-License-Identifier: LGPL-2.1-or-later
/* The device: where it is, whether it can be used, and if not, why not. */
#include "device.h"
#include "driver.h"
#include "group.h"

#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MODULE_DIR "/sys/module/memrw"

int mrw_device_find(struct udev *udev, char *node, size_t size, bool *setup)
{
	struct udev_device *device;
	const char *path;
	int ret = -1;

	device = udev_device_new_from_subsystem_sysname(udev, "misc", "memrw");
	if (!device) {
		if (errno == ENODEV)
			errno = ENOENT;
		return -1;
	}

	path = udev_device_get_devnode(device);
	if (path && strlen(path) < size) {
		strcpy(node, path);
		*setup = udev_device_get_is_initialized(device);
		ret = 0;
	} else {
		errno = ENOENT;
	}
	udev_device_unref(device);
	return ret;
}

int mrw_device_node(char *node, size_t size)
{
	struct udev *udev;
	bool setup;
	int ret;

	udev = udev_new();
	if (!udev)
		return -1;
	ret = mrw_device_find(udev, node, size, &setup);
	udev_unref(udev);
	return ret;
}

/*
 * The module
 */

static bool is_module_line(const char *line)
{
	size_t length = strcspn(line, ":");
	const char *name = line + length;

	while (name > line && name[-1] != '/')
		name--;
	return !strncmp(name, "memrw.ko", strlen("memrw.ko"));
}

/* As modprobe(8) would find it. */
static bool module_is_installed(void)
{
	bool found = false;
	char path[128];
	struct utsname host;
	char *line = NULL;
	size_t size = 0;
	FILE *deps;

	if (uname(&host) < 0)
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", host.release);
	deps = fopen(path, "re");
	if (!deps)
		return false;
	while (!found && getline(&line, &size, deps) >= 0)
		found = is_module_line(line);
	free(line);
	fclose(deps);
	return found;
}

static enum memrw_policy read_policy(void)
{
	enum memrw_policy policy = MEMRW_POLICY_OWNER;
	char text[32] = "";
	FILE *file;

	file = fopen(MODULE_DIR "/parameters/access", "re");
	if (!file)
		return policy;
	if (fgets(text, sizeof(text), file))
		text[strcspn(text, "\n")] = '\0';
	fclose(file);

	for (policy = MEMRW_POLICY_CAPABLE; policy > MEMRW_POLICY_OWNER; policy--)
		if (!strcmp(text, memrw_policy_name(policy)))
			break;
	return policy;
}

const char *memrw_policy_name(enum memrw_policy policy)
{
	switch (policy) {
	case MEMRW_POLICY_OWNER:
		return "owner";
	case MEMRW_POLICY_ANY:
		return "any";
	case MEMRW_POLICY_CAPABLE:
		return "capable";
	}
	return "?";
}

/*
 * Asking
 */

/* The node, if it has one: its path, mode, owner and group. */
static int describe_node(struct memrw_device *device)
{
	struct stat node;

	if (mrw_device_node(device->node, sizeof(device->node)) < 0 ||
	    stat(device->node, &node) < 0 || !S_ISCHR(node.st_mode)) {
		device->node[0] = '\0';
		return -1;
	}

	device->mode = node.st_mode & 07777;
	device->uid = node.st_uid;
	device->gid = node.st_gid;
	device->in_group = mrw_group_has_process(node.st_gid);
	device->in_group_database = mrw_group_has_user(node.st_gid);
	return 0;
}

static void describe_driver(struct memrw_device *device,
			    const struct memrw_info *info)
{
	device->status = MEMRW_DEVICE_READY;
	device->abi_version = info->abi_version;
	device->features = info->features;
	device->transfer_max = info->transfer_max;
	device->page_size = info->page_size;
	device->policy = (enum memrw_policy)info->access;
	snprintf(device->version, sizeof(device->version), "%s", info->version);
}

static int try_node(struct memrw_device *device)
{
	struct memrw_info info;
	int fd;

	fd = open(device->node, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		switch (errno) {
		case EACCES:
		case EPERM:
			device->status = MEMRW_DEVICE_NO_PERMISSION;
			return 0;
		case ENOENT:
		case ENXIO:
		case ENODEV:
			/* The module was unloaded just now. */
			device->status = MEMRW_DEVICE_NO_NODE;
			return 0;
		default:
			return -1;
		}
	}

	if (mrw_driver_info(fd, &info) < 0)
		device->status = MEMRW_DEVICE_WRONG_ABI;
	else
		describe_driver(device, &info);
	close(fd);
	return 0;
}

int memrw_device_query(struct memrw_device *device)
{
	*device = (struct memrw_device){ .status = MEMRW_DEVICE_NO_MODULE };

	device->module_installed = module_is_installed();
	device->module_loaded = !access(MODULE_DIR, F_OK);
	if (!device->module_loaded)
		return 0;

	device->policy = read_policy();
	device->status = MEMRW_DEVICE_NO_NODE;
	return describe_node(device) < 0 ? 0 : try_node(device);
}
