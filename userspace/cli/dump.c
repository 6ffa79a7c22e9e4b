// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw dump: the target's memory in a file, raw with an index or as an ELF
 * core.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "command.h"
#include "core.h"
#include "dump_copy.h"
#include "dump_index.h"
#include "file_io.h"
#include "hold.h"
#include "options.h"
#include "report.h"
#include "target.h"

static const char help[] =
	"Usage: memrw dump [OPTIONS] TARGET -o FILE\n"
	"\n"
	"Copy TARGET's memory into FILE, and what is where in it into FILE.json. What\n"
	"TARGET never touched takes no room in FILE, and no memory of TARGET's.\n"
	"\n"
	HELP_TARGET
	"It takes --all, or any number of --region and --range.\n"
	"\n"
	"Options:\n"
	"  -o, --output=FILE   the file, and FILE.json; what was there is overwritten\n"
	"      --all           all regions\n"
	"      --region=NAME   the regions of that name, or of that file's name\n"
	"      --range=RANGE   FROM..TO or FROM..+LENGTH: addresses\n"
	"      --core          make FILE an ELF core, for gdb; no FILE.json\n"
	"      --stop          hold TARGET still meanwhile, and let it go in any case\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_HELP
	"\n"
	"See memrw-dump(1).\n";

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "region", required_argument, NULL, OPTION_REGION },
	{ "range", required_argument, NULL, OPTION_RANGE },
	{ "core", no_argument, NULL, OPTION_CORE },
	{ "stop", no_argument, NULL, OPTION_STOP },
	OPTIONS_TARGET,
	OPTIONS_HELP,
};

/* struct request - the command line, and what is made of it */
struct request {
	struct options options;
	struct choice choice;
	const char *name;
	const char *output;
	bool core;
	bool stop;
	struct memrw_target *target;
	struct hold *hold;
	struct parts regions;
	struct parts parts;
};

/*
 * Command line
 */

static int parse_option(void *data, int option)
{
	struct request *request = data;
	struct choice *choice = &request->choice;

	switch (option) {
	case 'o':
		request->output = optarg;
		return STATUS_DONE;
	case OPTION_ALL:
		choice->all = true;
		return STATUS_DONE;
	case OPTION_REGION:
		return choice_add(&choice->regions, &choice->region_count, optarg);
	case OPTION_RANGE:
		return choice_add(&choice->ranges, &choice->range_count, optarg);
	case OPTION_CORE:
		request->core = true;
		return STATUS_DONE;
	default:
		request->stop = true;
		return STATUS_DONE;
	}
}

static int check(struct request *request, int count, char **operands)
{
	const struct choice *choice = &request->choice;
	size_t some = choice->range_count + choice->region_count;
	int status = options_target(&request->options, &count, &operands, &request->name);

	if (status)
		return status;
	if (count > 0)
		return report_usage("dump", "more than one TARGET given");
	if (!choice->all && some == 0)
		return report_usage("dump", "one of --all, --region and --range is needed");
	if (choice->all && some > 0)
		return report_usage("dump", "--all leaves nothing for --region and --range");
	if (!request->output || request->output[0] == '\0')
		return report_usage("dump", "an --output is needed");
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (options_each(&request->options, argc, argv, parse_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	status = check(request, argc - optind, argv + optind);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Doing it
 */

static int copy(const struct request *request, int fd, const char *path)
{
	struct dump_copy copy = {
		.target = request->target,
		.flags = request->options.force ? MEMRW_FORCE : 0,
		.fd = fd,
		.path = path,
	};

	for (size_t i = 0; i < request->parts.count; i++) {
		if (dump_copy_part(&copy, &request->parts.items[i]) < 0)
			return STATUS_FAILED;
	}
	if (copy.read > 0)
		return STATUS_DONE;
	report(memrw_target_comm(request->target), "nothing of it could be read");
	return STATUS_FAILED;
}

static int set_size(int fd, const char *path, uint64_t size)
{
	if (size <= INT64_MAX && ftruncate(fd, size) == 0)
		return STATUS_DONE;
	report(path, "%s", strerror(size <= INT64_MAX ? errno : EFBIG));
	return STATUS_FAILED;
}

static int write_index(const struct request *request, const char *path, uint64_t size)
{
	json_t *root = dump_index_json(request->target, &request->parts,
				       request->hold != NULL, size);
	int fd = root ? file_create(path) : -1;
	int status = STATUS_FAILED;

	if (!root)
		report("JSON", "out of memory");
	if (fd >= 0) {
		status = json_dumpfd(root, fd, JSON_INDENT(1)) < 0 ? STATUS_FAILED :
								     STATUS_DONE;
		if (status)
			report(path, "%s", strerror(errno));
		close(fd);
	}
	json_decref(root);
	return status;
}

/* An index of what is being overwritten would be a wrong one. */
static int remove_index(const char *path)
{
	if (unlink(path) == 0 || errno == ENOENT)
		return STATUS_DONE;
	report(path, "%s", strerror(errno));
	return STATUS_FAILED;
}

static int choose_parts(struct request *request)
{
	int status = choice_parts(&request->choice, &request->regions, &request->parts);

	if (!status && request->parts.count == 0) {
		report(memrw_target_comm(request->target), "no memory is mapped there");
		return STATUS_FAILED;
	}
	return status;
}

static int dump_raw(struct request *request, int fd)
{
	char *index = dump_index_path(request->output);
	uint64_t size = choice_lay_out(&request->choice);
	int status = index ? remove_index(index) : STATUS_FAILED;

	if (!status)
		status = choose_parts(request);
	if (!status)
		status = set_size(fd, request->output, size);
	if (!status)
		status = copy(request, fd, request->output);
	if (!status)
		status = write_index(request, index, size);
	free(index);
	return status;
}

static int dump_core(struct request *request, int fd)
{
	struct core core = {
		.target = request->target,
		.hold = request->hold,
		.regions = &request->regions,
		.parts = &request->parts,
		.fd = fd,
		.path = request->output,
	};
	int status = choose_parts(request);

	if (!status)
		status = core_begin(&core);
	if (!status)
		status = copy(request, fd, request->output);
	if (!status)
		status = core_finish(&core);
	core_clear(&core);
	return status;
}

static int dump(struct request *request)
{
	int status = STATUS_DONE, fd;

	if (parts_of_target(&request->regions, request->target) < 0)
		return STATUS_FAILED;
	status = choice_resolve(&request->choice, &request->options, request->target,
				&request->regions);
	if (status)
		return status;
	fd = file_create(request->output);
	if (fd < 0)
		return STATUS_FAILED;
	status = request->core ? dump_core(request, fd) : dump_raw(request, fd);
	if (close(fd) < 0 && !status) {
		report(request->output, "%s", strerror(errno));
		status = STATUS_FAILED;
	}
	return status ? status : choice_check(&request->choice, &request->parts);
}

static int run(struct request *request)
{
	int status, held;

	request->target = target_open(&request->options, request->name, MEMRW_OPEN_READ_ONLY);
	if (!request->target)
		return request->options.status;
	request->hold = request->stop ? hold_begin_reported(request->target) : NULL;
	status = request->stop && !request->hold ? STATUS_FAILED : dump(request);
	held = hold_end_reported(request->hold);
	memrw_target_close(request->target);
	return status ? status : held;
}

int command_dump(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "dump",
			.help = help,
			.short_options = ":o:h",
			.long_options = long_options,
		},
	};
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		status = request.options.status;
	else
		status = run(&request);
	choice_clear(&request.choice);
	parts_clear(&request.regions);
	parts_clear(&request.parts);
	return status;
}
