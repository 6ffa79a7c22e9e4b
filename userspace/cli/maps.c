// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw maps: the regions of the target.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "region_text.h"
#include "report.h"
#include "target.h"

static const char help[] =
	"Usage: memrw maps [OPTIONS] TARGET\n"
	"\n"
	"Print the regions of TARGET's memory in the format of /proc/PID/maps.\n"
	"\n"
	HELP_TARGET
	"\n"
	"Options:\n"
	HELP_CHOICE
	HELP_VIA
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-maps(1).\n";

static const struct option long_options[] = {
	OPTIONS_CHOICE,
	{ "via", required_argument, NULL, OPTION_VIA },
	OPTIONS_JSON,
	OPTIONS_HELP,
};

static json_t *region_json(const struct memrw_region *region)
{
	char permissions[REGION_PERMISSIONS];

	region_permissions(region, permissions);
	return json_pack("{s:o,s:o,s:s,s:o,s:o,s:I,s:o}",
			 "start", json_address(region->start),
			 "end", json_address(region->end),
			 "permissions", permissions,
			 "offset", json_address(region->offset),
			 "device", json_sprintf("%02x:%02x", region->device_major,
						region->device_minor),
			 "inode", (json_int_t)region->inode,
			 "name", json_text(region->name, strlen(region->name)));
}

/* Return: 0, or -1 with errno. */
static int print_regions(struct memrw_region_iter *iter, json_t *regions)
{
	struct memrw_region region;
	int more;

	while ((more = memrw_region_iter_next(iter, &region)) > 0) {
		if (regions)
			json_array_append_new(regions, region_json(&region));
		else
			region_print(&region);
	}
	return more;
}

static int walk(struct memrw_target *target, json_t *regions)
{
	struct memrw_region_iter *iter = memrw_region_iter_open(target);
	int status = iter ? print_regions(iter, regions) : -1;

	if (status < 0)
		report(memrw_target_comm(target), "%s", errno == ESRCH ?
		       "the process has exited" : strerror(errno));
	memrw_region_iter_close(iter);
	return status < 0 ? STATUS_FAILED : STATUS_DONE;
}

static int walk_json(struct memrw_target *target)
{
	json_t *regions = json_array();
	int status = walk(target, regions);
	json_t *root;

	if (status) {
		json_decref(regions);
		return status;
	}
	root = json_target(target);
	if (json_object_set_new(root, "regions", regions) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

static int parse_operands(struct options *options, int count, char **operands,
			  const char **target)
{
	int status = options_target(options, &count, &operands, target);

	if (!status && count > 0)
		return report_usage("maps", "more than one TARGET given");
	return status;
}

static int run(struct options *options, const char *text)
{
	struct memrw_target *target = target_open(options, text, MEMRW_OPEN_READ_ONLY);
	int status;

	if (!target)
		return options->status;
	status = options->json ? walk_json(target) : walk(target, NULL);
	memrw_target_close(target);
	return status;
}

int command_maps(int argc, char **argv)
{
	struct options options = {
		.subcommand = "maps",
		.help = help,
		.short_options = ":h",
		.long_options = long_options,
	};
	const char *target;
	int status;

	if (options_next(&options, argc, argv) == OPTIONS_STOP)
		return options.status;
	status = parse_operands(&options, argc - optind, argv + optind, &target);
	return status ? status : run(&options, target);
}
