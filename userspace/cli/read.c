// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw read: the memory of the target.
 */

#include <stdio.h>

#include "command.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "ranges.h"
#include "report.h"
#include "show.h"
#include "target.h"

#define DEFAULT_LENGTH		256
#define STRING_LENGTH_MAX	4096

static const char help[] =
	"Usage: memrw read [OPTIONS] TARGET ADDRESS [LENGTH]\n"
	"       memrw read [OPTIONS] TARGET ADDRESS:LENGTH...\n"
	"\n"
	"Read LENGTH bytes (up to 256 by default) of TARGET's memory and print a\n"
	"hexdump, or values of a type, one a line, behind their addresses. Several\n"
	"ranges are read in one call; one that cannot be read costs no other.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr str\n"
	"  -n, --count=COUNT   this many values of the TYPE (default: 1)\n"
	"      --raw           the bytes themselves\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-read(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "count", required_argument, NULL, 'n' },
	{ "raw", no_argument, NULL, OPTION_RAW },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/*
 * struct request - the command line; numbers that were not given are 0, and
 * there are either ranges or one address
 */
struct request {
	struct options options;
	const char *target;
	const char *address;
	struct ranges ranges;
	uint64_t length;
	uint64_t count;
	enum memrw_type type;
	bool typed;
	bool raw;
};

static int parse_type(struct request *request, const char *name)
{
	if (memrw_type_parse(name, &request->type) < 0)
		return report_usage("read", "'%s' is not a type", name);
	request->typed = true;
	return STATUS_DONE;
}

static int parse_options(struct request *request, int argc, char **argv)
{
	int option, status = STATUS_DONE;

	while (status == STATUS_DONE &&
	       (option = options_next(&request->options, argc, argv)) != OPTIONS_END) {
		switch (option) {
		case 't':
			status = parse_type(request, optarg);
			break;
		case 'n':
			status = options_number(&request->options, "COUNT", optarg,
						&request->count);
			break;
		case OPTION_RAW:
			request->raw = true;
			break;
		default:
			return OPTIONS_STOP;
		}
	}
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands,
				    &request->target);

	if (status)
		return status;
	if (count < 1)
		return report_usage("read", "no ADDRESS given");
	if (ranges_are_given(operands[0]))
		return ranges_parse(&request->ranges, &request->options, count, operands);
	if (count > 2)
		return report_usage("read", "'%s' is one operand too many", operands[2]);
	request->address = operands[0];
	if (count < 2)
		return STATUS_DONE;
	return options_number(&request->options, "LENGTH", operands[1], &request->length);
}

static int check_combination(const struct request *request)
{
	if (request->raw && (request->typed || request->options.json))
		return report_usage("read", "--raw goes with neither --type nor --json");
	if (request->count && !request->typed)
		return report_usage("read", "--count needs a --type");
	if (request->count && (request->length || request->ranges.count))
		return report_usage("read", "--count and LENGTH exclude each other");
	return STATUS_DONE;
}

static bool is_multiple_of(const struct request *request, size_t size)
{
	for (size_t i = 0; i < request->ranges.count; i++) {
		if (request->ranges.lengths[i] % size != 0)
			return false;
	}
	return request->length % size == 0;
}

static int set_byte_length(struct request *request)
{
	size_t size = memrw_type_size(request->type);

	if (!request->typed || size == 0)
		return STATUS_DONE;
	if (!is_multiple_of(request, size))
		return report_usage("read", "LENGTH is not a multiple of %zu, the size of %s",
				    size, memrw_type_name(request->type));
	if (request->length == 0 &&
	    __builtin_mul_overflow(request->count ? request->count : 1, size,
				   &request->length))
		return report_usage("read", "COUNT is too large");
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (parse_options(request, argc, argv) == OPTIONS_STOP)
		return OPTIONS_STOP;
	status = parse_operands(request, argc - optind, argv + optind);
	if (!status)
		status = check_combination(request);
	if (!status)
		status = set_byte_length(request);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/* What does not depend on whether there are ranges; @length is 0 for the default. */
static int show_strings_of(const struct request *request, struct show *show,
			   uint64_t length)
{
	show->transfer.remaining = length ? length : STRING_LENGTH_MAX;
	return show_strings(show, request->count ? request->count : 1, length > 0);
}

static int show_length(const struct request *request, struct show *show,
		       uint64_t length)
{
	if (request->typed && request->type == MEMRW_TYPE_STR)
		return show_strings_of(request, show, length);

	show->up_to = length == 0;
	show->transfer.remaining = length ? length : DEFAULT_LENGTH;
	if (request->typed)
		return show_values(show, request->type);
	return request->raw ? show_raw(show) : show_bytes(show);
}

static unsigned int flags_of(const struct request *request)
{
	return request->options.force ? MEMRW_FORCE : 0;
}

static int read_address(const struct request *request, struct memrw_target *target)
{
	struct show show = {
		.transfer.target = target,
		.transfer.flags = flags_of(request),
		.json = request->options.json,
	};
	int status;

	status = target_address(&request->options, target, request->address,
				&show.transfer.address);
	return status ? status : show_length(request, &show, request->length);
}

/*
 * Ranges
 */

static int show_range(const struct request *request, struct memrw_target *target,
		      size_t i, json_t *list)
{
	struct show show = {
		.transfer = ranges_transfer(&request->ranges, i, target,
					    flags_of(request)),
		.json = list,
		.ranges = list,
	};

	return show_length(request, &show, show.transfer.remaining);
}

/* One that failed does not keep the others from being shown; a full disk does. */
static int show_ranges(const struct request *request, struct memrw_target *target,
		       json_t *list)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < request->ranges.count && output_flush() == 0; i++) {
		if (show_range(request, target, i, list) != STATUS_DONE)
			status = STATUS_FAILED;
	}
	return status;
}

static int show_ranges_json(const struct request *request, struct memrw_target *target)
{
	json_t *root = json_target(target), *list = json_array();
	int status, print_status;

	if (json_object_set_new(root, "ranges", list) < 0) {
		json_decref(root);
		return json_print(NULL);
	}
	status = show_ranges(request, target, list);
	print_status = json_print(root);
	return status ? status : print_status;
}

static int read_ranges(struct request *request, struct memrw_target *target)
{
	int status = ranges_read(&request->ranges, &request->options, target,
				 flags_of(request));

	if (status)
		return status;
	if (request->options.json)
		return show_ranges_json(request, target);
	status = show_ranges(request, target, NULL);
	return output_flush() < 0 ? STATUS_FAILED : status;
}

static int run(struct request *request)
{
	struct memrw_target *target;
	int status;

	target = target_open(&request->options, request->target, MEMRW_OPEN_READ_ONLY);
	if (!target)
		return request->options.status;
	status = request->ranges.count ? read_ranges(request, target) :
					 read_address(request, target);
	memrw_target_close(target);
	return status;
}

int command_read(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "read",
			.help = help,
			.short_options = ":t:n:h",
			.long_options = long_options,
		},
	};
	int status;

	status = parse(&request, argc, argv) == OPTIONS_STOP ? request.options.status :
							       run(&request);
	ranges_clear(&request.ranges);
	return status;
}
