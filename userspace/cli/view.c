// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw view: the memory of a process, live, on the whole screen of a terminal.
 */

#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "options.h"
#include "report.h"
#include "target.h"
#include "view.h"
#include "view_screen.h"
#include "wait_signal.h"

static const char help[] =
	"Usage: memrw view [OPTIONS] TARGET [ADDRESS]\n"
	"\n"
	"Show the regions and the memory of TARGET on the whole screen, as it changes: go\n"
	"to ADDRESSes, search, follow pointers, edit, freeze values and watch who writes\n"
	"to them. '?' shows the keys.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr (default: bytes\n"
	"                        in hexadecimal)\n"
	"      --interval=MS   milliseconds from one look to the next (default: 50)\n"
	"      --read-only     nothing can be changed\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_HELP
	"\n"
	"See memrw-view(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "interval", required_argument, NULL, OPTION_INTERVAL },
	{ "read-only", no_argument, NULL, OPTION_READ_ONLY },
	OPTIONS_TARGET,
	OPTIONS_HELP,
};

/* struct request - the command line; @address: NULL where there is none */
struct request {
	struct options options;
	const char *target;
	const char *address;
	struct view view;
};

/*
 * Command line: each function returns 0, or the exit status after a report
 */

static int parse_type(struct view *view, const char *name)
{
	view->format.hex = false;
	if (memrw_type_parse(name, &view->format.type) < 0)
		return report_usage("view", "'%s' is not a type", name);
	if (memrw_type_size(view->format.type) == 0)
		return report_usage("view", "str is not a type of numbers");
	return STATUS_DONE;
}

static int take_option(void *data, int option)
{
	struct request *request = data;

	switch (option) {
	case 't':
		return parse_type(&request->view, optarg);
	case OPTION_INTERVAL:
		return options_time(&request->options, "--interval", optarg, MILLISECOND,
				    &request->view.interval);
	default:
		request->view.read_only = true;
		return STATUS_DONE;
	}
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands, &request->target);

	if (status)
		return status;
	if (count > 1)
		return report_usage("view", "'%s' is one operand too many", operands[1]);
	request->address = count > 0 ? operands[0] : NULL;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return report_usage("view", "it needs a terminal to read from and to write to");
	return STATUS_DONE;
}

/*
 * Doing it: each function returns the exit status
 */

static int find_address(struct request *request, uint64_t *address)
{
	struct memrw_target *target = request->view.target;

	if (request->address)
		return target_address(&request->options, target, request->address, address);
	/* The heap is what people look for; it may have none. */
	if (memrw_address_resolve(target, "[heap]", address) < 0)
		*address = 0;
	return STATUS_DONE;
}

static void begin(struct view *view, uint64_t address)
{
	view_resize(view, LINES, COLS);
	view_look(view, clock_now());
	if (address == 0 && view->regions.count > 0)
		address = view->regions.list[0].start;
	view_go(view, address);
}

static int show(struct request *request)
{
	struct view *view = &request->view;
	uint64_t address = 0;
	int status = find_address(request, &address);

	if (status)
		return status;
	wait_signal_begin();
	if (view_screen_begin() < 0)
		return STATUS_FAILED;
	begin(view, address);
	status = view_loop(view);
	view_screen_end();
	return status;
}

static int run(struct request *request)
{
	struct view *view = &request->view;
	struct memrw_target *target;
	int status;

	view->via = request->options.via;
	view->flags = request->options.force ? MEMRW_FORCE : 0;
	target = target_open(&request->options, request->target,
			     view->read_only ? MEMRW_OPEN_READ_ONLY : 0);
	if (!target)
		return request->options.status;
	view_attach(view, target);
	status = show(request);
	view_detach(view);
	return status;
}

int command_view(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "view",
			.help = help,
			.short_options = ":t:h",
			.long_options = long_options,
		},
		.view.format.hex = true,
		.view.interval = 50 * MILLISECOND,
		.view.half = -1,
	};
	int status;

	if (options_each(&request.options, argc, argv, take_option, &request) == OPTIONS_STOP)
		return request.options.status;
	status = parse_operands(&request, argc - optind, argv + optind);
	return status ? status : run(&request);
}
