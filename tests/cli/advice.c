// SPDX-License-Identifier: GPL-2.0-only
/*
 * advice STATUS [WORD...]: what the command says of a device in that state,
 * which the machine at hand need not be in; then what it says of a module that
 * is to be loaded anew.  The last one of "root=DIR" is where it looks for the
 * module, on a system that runs Linux 6.1-test.
 */

#include <grp.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"

static const char *const statuses[] = {
	[MEMRW_DEVICE_READY] = "ready",
	[MEMRW_DEVICE_NO_MODULE] = "no-module",
	[MEMRW_DEVICE_NO_NODE] = "no-node",
	[MEMRW_DEVICE_NO_PERMISSION] = "no-permission",
	[MEMRW_DEVICE_WRONG_ABI] = "wrong-abi",
};

static const char *root = "/nonexistent";

static bool apply(struct memrw_device *device, const char *word)
{
	/* A group that every Debian machine has, and that is not root's. */
	struct group *users = getgrnam("users");

	if (strcmp(word, "installed") == 0)
		device->module_installed = true;
	else if (strcmp(word, "in-group") == 0)
		device->in_group = true;
	else if (strcmp(word, "in-group-database") == 0)
		device->in_group_database = true;
	else if (strcmp(word, "mode-0600") == 0)
		device->mode = 0600;
	else if (strcmp(word, "group-users") == 0 && users)
		device->gid = users->gr_gid;
	else if (strncmp(word, "root=", 5) == 0)
		root = word + 5;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	struct memrw_device device = { .node = "/dev/memrw", .mode = 0660 };
	struct advice advice;
	struct module module;
	size_t status = 0;

	while (argc > 1 && status < sizeof(statuses) / sizeof(statuses[0]) &&
	       strcmp(argv[1], statuses[status]) != 0)
		status++;
	device.status = status;
	for (int i = 2; i < argc; i++) {
		if (!apply(&device, argv[i]))
			return 2;
	}
	module_find(&module, root, "6.1-test");
	advice = advice_of(&device, &module);
	printf("%s\n%s\n", advice.why, advice.command);
	advice = advice_on_reload(&module);
	printf("%s\n%s\n", advice.why, advice.command);
	return 0;
}
