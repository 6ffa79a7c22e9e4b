// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw maps: the regions of the target.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "parts.h"
#include "picture.h"
#include "picture_pages.h"
#include "region_text.h"
#include "report.h"
#include "target.h"

static const char help[] =
	"Usage: memrw maps [OPTIONS] TARGET\n"
	"\n"
	"Print the regions of TARGET's memory in the format of /proc/PID/maps, or draw\n"
	"them.\n"
	"\n"
	HELP_TARGET
	"\n"
	"Options:\n"
	"      --picture=FILE  draw the address space into FILE, as SVG\n"
	HELP_CHOICE
	HELP_VIA
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-maps(1).\n";

static const struct option long_options[] = {
	{ "picture", required_argument, NULL, OPTION_PICTURE },
	OPTIONS_CHOICE,
	{ "via", required_argument, NULL, OPTION_VIA },
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line; @picture: a file, or NULL */
struct request {
	struct options options;
	const char *picture;
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

/*
 * The picture
 */

static int write_picture(const struct picture *picture, const char *path)
{
	FILE *file = fopen(path, "we");
	int status;

	if (!file) {
		report(path, "%s", strerror(errno));
		return STATUS_FAILED;
	}
	status = picture_write(picture, file);
	if (fclose(file) != 0)
		status = -1;
	if (status < 0)
		report(path, "%s", strerror(errno));
	return status < 0 ? STATUS_FAILED : STATUS_DONE;
}

static int draw_parts(struct memrw_target *target, const struct parts *parts, const char *path)
{
	struct picture picture = { .page = sysconf(_SC_PAGESIZE) };
	char title[64];
	int status = STATUS_FAILED;

	snprintf(title, sizeof(title), "%s (%d)", memrw_target_comm(target),
		 memrw_target_pid(target));
	picture.title = title;
	if (picture_of(&picture, target, parts) == 0)
		status = write_picture(&picture, path);
	else
		report(memrw_target_comm(target), "%s", strerror(errno));
	picture_clear(&picture);
	return status;
}

static int draw(struct memrw_target *target, const char *path)
{
	struct parts parts = { 0 };
	int status = STATUS_FAILED;

	if (parts_of_target(&parts, target) == 0)
		status = draw_parts(target, &parts, path);
	parts_clear(&parts);
	return status;
}

static int parse_operands(struct options *options, int count, char **operands,
			  const char **target)
{
	int status = options_target(options, &count, &operands, target);

	if (!status && count > 0)
		return report_usage("maps", "more than one TARGET given");
	return status;
}

static int show(const struct request *request, struct memrw_target *target)
{
	if (request->picture)
		return draw(target, request->picture);
	return request->options.json ? walk_json(target) : walk(target, NULL);
}

static int run(struct request *request, const char *text)
{
	struct memrw_target *target = target_open(&request->options, text,
						  MEMRW_OPEN_READ_ONLY);
	int status;

	if (!target)
		return request->options.status;
	status = show(request, target);
	memrw_target_close(target);
	return status;
}

/* There is one option of its own. */
static int take_option(void *data, int option)
{
	struct request *request = data;

	(void)option;
	request->picture = optarg;
	return STATUS_DONE;
}

int command_maps(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "maps",
			.help = help,
			.short_options = ":h",
			.long_options = long_options,
		},
	};
	const char *target;
	int status;

	if (options_each(&request.options, argc, argv, take_option, &request) == OPTIONS_STOP)
		return request.options.status;
	if (request.picture && request.options.json)
		return report_usage("maps", "--picture and --json exclude each other");
	status = parse_operands(&request.options, argc - optind, argv + optind, &target);
	return status ? status : run(&request, target);
}
