// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw freeze: a value of the target is written again and again, or kept
 * within bounds.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "change.h"
#include "clock.h"
#include "command.h"
#include "freeze_loop.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "target.h"
#include "value_order.h"
#include "values.h"
#include "wait_signal.h"

static const char help[] =
	"Usage: memrw freeze [OPTIONS] -t TYPE TARGET ADDRESS VALUE...\n"
	"       memrw freeze [OPTIONS] -t TYPE TARGET ADDRESS\n"
	"\n"
	"Write VALUE to TARGET's memory again and again, or keep the number that is\n"
	"there between --min and --max, until Ctrl-C or until TARGET has exited.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options, before TARGET:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr str\n"
	"      --interval=MS   milliseconds from one time to the next (default: 100)\n"
	"      --min=NUMBER    what is less becomes NUMBER; there is no VALUE then\n"
	"      --max=NUMBER    what is more becomes NUMBER, likewise\n"
	"      --duration=MS   end after this many milliseconds\n"
	"  -q, --quiet         do not print what was there before, and what was done\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-freeze(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "interval", required_argument, NULL, OPTION_INTERVAL },
	{ "min", required_argument, NULL, OPTION_MIN },
	{ "max", required_argument, NULL, OPTION_MAX },
	{ "duration", required_argument, NULL, OPTION_DURATION },
	{ "quiet", no_argument, NULL, 'q' },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line; options that were not given are NULL */
struct request {
	struct options options;
	const char *type_name;
	const char *interval;
	const char *min;
	const char *max;
	const char *duration;
	bool quiet;
	const char *target;
	const char *address;
	struct bytes bytes;
	struct freeze_loop loop;
};

/*
 * Command line: each function returns 0, or the exit status after a report,
 * where it says nothing else
 */

static int parse_options(struct request *request, int argc, char **argv)
{
	int option;

	while ((option = options_next(&request->options, argc, argv)) != OPTIONS_END) {
		switch (option) {
		case 't':
			request->type_name = optarg;
			break;
		case OPTION_INTERVAL:
			request->interval = optarg;
			break;
		case OPTION_MIN:
			request->min = optarg;
			break;
		case OPTION_MAX:
			request->max = optarg;
			break;
		case OPTION_DURATION:
			request->duration = optarg;
			break;
		case 'q':
			request->quiet = true;
			break;
		default:
			return OPTIONS_STOP;
		}
	}
	return OPTIONS_END;
}

static int parse_bound(const struct request *request, const char *what, const char *text,
		       bool *has, char *bound)
{
	const char *type = request->type_name;

	if (!text)
		return STATUS_DONE;
	*has = true;
	errno = 0;
	if (memrw_value_parse(request->loop.freeze.type, text, bound, sizeof(uint64_t)) > 0)
		return STATUS_DONE;
	return report_usage("freeze", errno == ERANGE ? "%s '%s' does not fit %s" :
			    "%s '%s' is not of type %s", what, text, type);
}

static int parse_bounds(struct request *request)
{
	struct freeze *freeze = &request->loop.freeze;
	int status;

	if (memrw_type_size(freeze->type) == 0)
		return report_usage("freeze", "--min and --max are for numbers, not for str");
	status = parse_bound(request, "--min", request->min, &freeze->has_min, freeze->min);
	if (!status)
		status = parse_bound(request, "--max", request->max, &freeze->has_max,
				     freeze->max);
	if (!status && request->min && request->max &&
	    value_order(freeze->type, freeze->min, freeze->max) > 0)
		return report_usage("freeze", "--min is not below --max");
	return status;
}

static int check_type(struct request *request)
{
	if (!request->type_name)
		return report_usage("freeze", "a --type is needed, before TARGET");
	if (memrw_type_parse(request->type_name, &request->loop.freeze.type) < 0)
		return report_usage("freeze", "'%s' is not a type", request->type_name);
	return STATUS_DONE;
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands, &request->target);

	if (status)
		return status;
	if (count < 1)
		return report_usage("freeze", "no ADDRESS given");
	request->address = operands[0];
	status = check_type(request);
	if (status)
		return status;
	if (!request->min && !request->max)
		return values_encode(&request->options, request->loop.freeze.type,
				     count - 1, operands + 1, &request->bytes);
	if (count > 1)
		return report_usage("freeze", "VALUE '%s' does not go with --min and --max",
				    operands[1]);
	return parse_bounds(request);
}

static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (parse_options(request, argc, argv) == OPTIONS_STOP)
		return OPTIONS_STOP;
	status = parse_operands(request, argc - optind, argv + optind);
	if (!status)
		status = options_time(&request->options, "--interval", request->interval,
				      MILLISECOND, &request->loop.freeze.interval);
	if (!status)
		status = options_time(&request->options, "--duration", request->duration,
				      MILLISECOND, &request->loop.time);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Doing it: each function returns the exit status.
 */

/* The first time, which tells what was there. */
static int write_first(struct request *request)
{
	struct freeze_loop *loop = &request->loop;
	struct change change = {
		.range.target = loop->target,
		.range.flags = loop->flags,
		.range.address = loop->freeze.address,
		.after = request->bytes.data,
		.length = request->bytes.length,
		.typed = true,
		.type = loop->freeze.type,
	};
	int status = change_make(&change);

	loop->freeze.bytes = request->bytes.data;
	loop->freeze.length = request->bytes.length;
	if (!request->quiet && !request->options.json && change.written > 0)
		change_show(&change, false);
	change_report(&change);
	free(change.before);
	return status;
}

static int show(const struct request *request)
{
	const struct freeze_loop *loop = &request->loop;
	json_t *root;

	if (!request->options.json) {
		if (!request->quiet)
			printf("0x%" PRIx64 "\t%" PRIu64 " writes\n", loop->freeze.address,
			       loop->writes);
		return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
	}
	root = json_target(loop->target);
	if (json_object_set_new(root, "address", json_address(loop->freeze.address)) < 0 ||
	    json_object_set_new(root, "type", json_string(request->type_name)) < 0 ||
	    json_object_set_new(root, "writes", json_integer(loop->writes)) < 0 ||
	    json_object_set_new(root, "end", json_string(loop->end)) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

static int freeze(struct request *request)
{
	struct freeze_loop *loop = &request->loop;
	int status = target_address(&request->options, loop->target, request->address,
				    &loop->freeze.address);

	loop->flags = request->options.force ? MEMRW_FORCE : 0;
	wait_signal_begin();
	if (!status && request->bytes.data)
		status = write_first(request);
	if (!status)
		status = freeze_loop_run(loop);
	return status ? status : show(request);
}

int command_freeze(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "freeze",
			.help = help,
			/* Options end at TARGET: a VALUE may begin with "-". */
			.short_options = "+:t:qh",
			.long_options = long_options,
		},
		.loop.freeze.interval = 100 * MILLISECOND,
	};
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP) {
		status = request.options.status;
	} else {
		request.loop.target = target_open(&request.options, request.target, 0);
		status = request.loop.target ? freeze(&request) : request.options.status;
		memrw_target_close(request.loop.target);
	}
	bytes_clear(&request.bytes);
	return status;
}
