// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw poll: values of the target are printed again and again, or whenever they
 * have changed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "options.h"
#include "poll_loop.h"
#include "report.h"
#include "target.h"
#include "wait_signal.h"

static const char help[] =
	"Usage: memrw poll [OPTIONS] TARGET ADDRESS...\n"
	"\n"
	"Print the numbers at ADDRESSes of TARGET's memory again and again, or whenever\n"
	"they have changed, until Ctrl-C. The driver maps that memory: a look is no\n"
	"system call then.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr (default: i32)\n"
	"      --interval=US   microseconds from one look to the next (default: 100000)\n"
	"      --changed       print only what is another value than before\n"
	"  -n, --count=COUNT   end after so many looks with something to print\n"
	"      --duration=MS   end after this many milliseconds\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-poll(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "interval", required_argument, NULL, OPTION_INTERVAL },
	{ "changed", no_argument, NULL, OPTION_CHANGED },
	{ "count", required_argument, NULL, 'n' },
	{ "duration", required_argument, NULL, OPTION_DURATION },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line */
struct request {
	struct options options;
	const char *target;
	char **addresses;
	int count;
	struct poll_loop loop;
};

/*
 * Command line: each function returns 0, or the exit status after a report,
 * where it says nothing else
 */

static int parse_type(struct poll_loop *loop, const char *name)
{
	if (memrw_type_parse(name, &loop->type) < 0)
		return report_usage("poll", "'%s' is not a type", name);
	if (memrw_type_size(loop->type) == 0)
		return report_usage("poll", "str is not a type of numbers");
	return STATUS_DONE;
}

static int take_option(void *data, int option)
{
	struct request *request = data;
	struct poll_loop *loop = &request->loop;

	switch (option) {
	case 't':
		return parse_type(loop, optarg);
	case 'n':
		return options_number(&request->options, "COUNT", optarg, &loop->samples);
	case OPTION_INTERVAL:
		return options_time(&request->options, "--interval", optarg, MICROSECOND,
				    &loop->interval);
	case OPTION_DURATION:
		return options_time(&request->options, "--duration", optarg, MILLISECOND,
				    &loop->time);
	default:
		loop->changed = true;
		return STATUS_DONE;
	}
}

static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (options_each(&request->options, argc, argv, take_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	request->count = argc - optind;
	request->addresses = argv + optind;
	status = options_target(&request->options, &request->count, &request->addresses,
				&request->target);
	if (!status && request->count < 1)
		status = report_usage("poll", "no ADDRESS given");
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Doing it: each function returns the exit status.
 */

static int open_value(struct request *request, const char *address)
{
	struct poll_loop *loop = &request->loop;
	struct watched *value = &loop->values[loop->count++];
	int status;

	value->target = loop->target;
	value->flags = request->options.force ? MEMRW_FORCE : 0;
	value->length = memrw_type_size(loop->type);
	status = target_address(&request->options, loop->target, address, &value->address);
	if (status || watched_open(value) == 0)
		return status;
	report("poll", "out of memory");
	return STATUS_FAILED;
}

static int poll_values(struct request *request)
{
	struct poll_loop *loop = &request->loop;
	int status = STATUS_DONE;

	loop->values = calloc(request->count, sizeof(*loop->values));
	if (!loop->values) {
		report("poll", "out of memory");
		return STATUS_FAILED;
	}
	for (int i = 0; i < request->count && !status; i++)
		status = open_value(request, request->addresses[i]);
	if (!status)
		status = poll_loop_run(loop);
	for (size_t i = 0; i < loop->count; i++)
		watched_close(&loop->values[i]);
	free(loop->values);
	return status;
}

int command_poll(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "poll",
			.help = help,
			.short_options = ":t:n:h",
			.long_options = long_options,
		},
		.loop.type = MEMRW_TYPE_I32,
		.loop.interval = 100 * MILLISECOND,
	};
	struct poll_loop *loop = &request.loop;
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		return request.options.status;
	loop->json = request.options.json;
	loop->target = target_open(&request.options, request.target, MEMRW_OPEN_READ_ONLY);
	if (!loop->target)
		return request.options.status;
	wait_signal_begin();
	status = poll_values(&request);
	memrw_target_close(loop->target);
	return status;
}
