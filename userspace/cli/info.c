// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw info: can the driver be used, and if not, what to type.
 */

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "command.h"
#include "json.h"
#include "module.h"
#include "options.h"
#include "output.h"
#include "report.h"

static const char help[] =
	"Usage: memrw info [OPTIONS]\n"
	"\n"
	"Tell whether the driver can be used, and if not, what to type. The exit\n"
	"status is 0 if it can, 1 if not.\n"
	"\n"
	"Options:\n"
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-info(1).\n";

static const struct option long_options[] = {
	OPTIONS_JSON,
	OPTIONS_HELP,
};

static const struct {
	uint64_t bit;
	const char *name;
} features[] = {
	{ MEMRW_FEATURE_FORCE, "force" },
	{ MEMRW_FEATURE_NO_POPULATE, "no-populate" },
	{ MEMRW_FEATURE_REGION, "region" },
	{ MEMRW_FEATURE_INTERRUPTIBLE, "interruptible" },
	{ MEMRW_FEATURE_ANON_NAME, "anon-name" },
	{ MEMRW_FEATURE_BATCH, "batch" },
	{ MEMRW_FEATURE_ATOMIC, "atomic" },
	{ MEMRW_FEATURE_WINDOW, "window" },
	{ MEMRW_FEATURE_WATCH, "watch" },
};

#define FEATURE_COUNT	(sizeof(features) / sizeof(features[0]))

static const char *status_name(enum memrw_device_status status)
{
	switch (status) {
	case MEMRW_DEVICE_READY:
		return "ready";
	case MEMRW_DEVICE_NO_MODULE:
		return "no-module";
	case MEMRW_DEVICE_NO_NODE:
		return "no-node";
	case MEMRW_DEVICE_NO_PERMISSION:
		return "no-permission";
	case MEMRW_DEVICE_WRONG_ABI:
		return "wrong-abi";
	}
	return "?";
}

/* Names where the databases have them; numbers do for chown(1) too. */
static const char *owner_name(uid_t uid, char *text, size_t size)
{
	struct passwd *user = getpwuid(uid);

	if (user)
		snprintf(text, size, "%s", user->pw_name);
	else
		snprintf(text, size, "%u", uid);
	return text;
}

static const char *group_name(gid_t gid, char *text, size_t size)
{
	struct group *group = getgrgid(gid);

	if (group)
		snprintf(text, size, "%s", group->gr_name);
	else
		snprintf(text, size, "%u", gid);
	return text;
}

/*
 * Text
 */

static void print_features(uint64_t bits)
{
	printf("features:");
	for (size_t i = 0; i < FEATURE_COUNT; i++) {
		if (bits & features[i].bit)
			printf(" %s", features[i].name);
	}
	putchar('\n');
}

static void print_module(const struct memrw_device *device,
			 const struct module *module)
{
	if (device->module_loaded)
		printf("module:   loaded, version %s\n", module->loaded);
	else if (device->module_installed)
		printf("module:   not loaded, version %s is installed\n", module->installed);
	else
		puts("module:   not installed");
}

static void print_driver(const struct memrw_device *device)
{
	if (device->module_loaded)
		printf("access:   %s\n", memrw_policy_name(device->policy));
	if (device->status != MEMRW_DEVICE_READY)
		return;
	printf("driver:   version %s, ABI %" PRIu32 "\n", device->version,
	       device->abi_version);
	print_features(device->features);
	printf("transfer: %" PRIu64 " bytes at most, pages of %" PRIu32 " bytes\n",
	       device->transfer_max, device->page_size);
}

static const char *membership(const struct memrw_device *device)
{
	if (device->in_group)
		return "you are in it";
	return device->in_group_database ? "you are in it after the next login" :
					   "you are not in it";
}

static void print_node(const struct memrw_device *device)
{
	char owner[64], group[64];

	if (device->node[0] == '\0') {
		puts("node:     none");
		return;
	}
	group_name(device->gid, group, sizeof(group));
	printf("node:     %s, %s:%s, mode %04o\n", device->node,
	       owner_name(device->uid, owner, sizeof(owner)), group,
	       device->mode & 07777);
	printf("group:    %s, %s\n", group, membership(device));
}

static void print_advice(const char *label, const struct advice *advice)
{
	printf("%s%s\n", label, advice->why);
	if (advice->command[0] != '\0')
		printf("try:      %s\n", advice->command);
}

static void print_conclusion(const struct memrw_device *device,
			     const struct module *module)
{
	struct advice advice = advice_of(device, module);

	if (device->status == MEMRW_DEVICE_READY)
		puts("usable:   yes");
	else
		print_advice("usable:   no, ", &advice);

	advice = advice_on_reload(module);
	if (advice.why[0] != '\0')
		print_advice("note:     ", &advice);
}

static int print_text(const struct memrw_device *device,
		      const struct module *module)
{
	printf("command:  version %s\n", memrw_version());
	print_module(device, module);
	print_driver(device);
	print_node(device);
	print_conclusion(device, module);
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

/*
 * JSON
 */

static json_t *features_json(uint64_t bits)
{
	json_t *names = json_array();

	for (size_t i = 0; i < FEATURE_COUNT; i++) {
		if (bits & features[i].bit)
			json_array_append_new(names, json_string(features[i].name));
	}
	return names;
}

static json_t *node_json(const struct memrw_device *device)
{
	char owner[64], group[64];

	if (device->node[0] == '\0')
		return json_null();
	return json_pack("{s:s,s:s,s:s,s:o,s:b,s:b}", "path", device->node,
			 "owner", owner_name(device->uid, owner, sizeof(owner)),
			 "group", group_name(device->gid, group, sizeof(group)),
			 "mode", json_sprintf("%04o", device->mode & 07777),
			 "in_group", device->in_group,
			 "in_group_database", device->in_group_database);
}

static json_t *driver_json(const struct memrw_device *device)
{
	if (device->status != MEMRW_DEVICE_READY)
		return json_null();
	return json_pack("{s:s,s:i,s:o,s:I,s:i}", "version", device->version,
			 "abi_version", (int)device->abi_version,
			 "features", features_json(device->features),
			 "transfer_max", (json_int_t)device->transfer_max,
			 "page_size", (int)device->page_size);
}

/* null where there is none. */
static const char *text_or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static json_t *module_json(const struct module *module)
{
	struct advice advice = advice_on_reload(module);

	return json_pack("{s:s?,s:s?,s:s?,s:b,s:s?,s:s,s:s}",
		"loaded", text_or_null(module->loaded),
		"installed", text_or_null(module->installed),
		"source", text_or_null(module->source),
		"headers", module->has_headers,
		"build_log", text_or_null(module->build_log),
		"note", advice.why, "try", advice.command);
}

static int print_json(const struct memrw_device *device,
		      const struct module *module)
{
	struct advice advice = advice_of(device, module);

	return json_print(json_pack("{s:s,s:b,s:s,s:s,s:s,s:b,s:b,s:o,s:s?,s:o,s:o}",
		"version", memrw_version(),
		"usable", device->status == MEMRW_DEVICE_READY,
		"status", status_name(device->status),
		"why", advice.why, "try", advice.command,
		"module_loaded", device->module_loaded,
		"module_installed", device->module_installed,
		"module", module_json(module),
		"access", device->module_loaded ? memrw_policy_name(device->policy) : NULL,
		"driver", driver_json(device),
		"node", node_json(device)));
}

int command_info(int argc, char **argv)
{
	struct options options = {
		.subcommand = "info",
		.help = help,
		.short_options = ":h",
		.long_options = long_options,
	};
	struct memrw_device device;
	struct module module;
	int status;

	if (options_next(&options, argc, argv) == OPTIONS_STOP)
		return options.status;
	if (optind < argc)
		return report_usage("info", "'%s' is one operand too many", argv[optind]);
	if (memrw_device_query(&device) < 0) {
		report("/dev/memrw", "%s", strerror(errno));
		return STATUS_FAILED;
	}

	module_find_here(&module);
	status = options.json ? print_json(&device, &module) : print_text(&device, &module);
	return status || device.status != MEMRW_DEVICE_READY ? STATUS_FAILED : STATUS_DONE;
}
