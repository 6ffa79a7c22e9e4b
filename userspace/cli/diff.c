// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw diff: what differs between two dumps, or a dump and its target.
 */

#include <string.h>
#include <unistd.h>

#include "choice.h"
#include "command.h"
#include "diff_show.h"
#include "hold.h"
#include "options.h"
#include "report.h"
#include "target.h"

/* Neither done nor failed, for --exit-code. */
#define STATUS_DIFFERENT	3

static const char help[] =
	"Usage: memrw diff [OPTIONS] FILE FILE\n"
	"       memrw diff [OPTIONS] FILE TARGET\n"
	"\n"
	"Print what differs between two dumps of 'memrw dump', or between a dump and\n"
	"TARGET as it is now: where, what was there before, what is there after.\n"
	"\n"
	HELP_TARGET
	"The second operand is a FILE if it has a '/', or if there is such a file and\n"
	"it is not all digits.\n"
	"\n"
	"Options:\n"
	"  -t, --type=TYPE     compare and print values, at multiples of their size:\n"
	"                        i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr\n"
	"      --summary       print for each region how much differs, and the total\n"
	"      --exit-code     exit with 3 if anything differs\n"
	"      --region=NAME   only the regions of that name, or of that file's name\n"
	"      --range=RANGE   only FROM..TO or FROM..+LENGTH\n"
	"      --stop          hold TARGET still meanwhile, and let it go in any case\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-diff(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "summary", no_argument, NULL, OPTION_SUMMARY },
	{ "exit-code", no_argument, NULL, OPTION_EXIT_CODE },
	{ "region", required_argument, NULL, OPTION_REGION },
	{ "range", required_argument, NULL, OPTION_RANGE },
	{ "stop", no_argument, NULL, OPTION_STOP },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line, and what is made of it */
struct request {
	struct options options;
	struct choice choice;
	struct diff_show show;
	const char *type_name;
	bool exit_code;
	bool stop;
	const char *file;
	const char *other;	/* a file, or TARGET */
	struct memrw_target *target;
	struct source before;
	struct source after;
};

/*
 * Command line
 */

static int parse_option(void *data, int option)
{
	struct request *request = data;
	struct choice *choice = &request->choice;

	switch (option) {
	case 't':
		request->type_name = optarg;
		return STATUS_DONE;
	case OPTION_SUMMARY:
		request->show.summary = true;
		return STATUS_DONE;
	case OPTION_EXIT_CODE:
		request->exit_code = true;
		return STATUS_DONE;
	case OPTION_REGION:
		return choice_add(&choice->regions, &choice->region_count, optarg);
	case OPTION_RANGE:
		return choice_add(&choice->ranges, &choice->range_count, optarg);
	default:
		request->stop = true;
		return STATUS_DONE;
	}
}

/* TARGET comes last, as the second of two that are compared. */
static int parse_operands(struct request *request, int count, char **operands)
{
	int status;

	if (count < 1)
		return report_usage("diff", "no FILE given");
	request->file = *operands++;
	count--;
	if (count < 1 && request->options.choice == CHOICE_OPERAND)
		return report_usage("diff", "no second FILE or TARGET given");
	status = options_target(&request->options, &count, &operands, &request->other);
	if (!status && count > 0)
		return report_usage("diff", "more than two operands given");
	return status;
}

static int check(struct request *request)
{
	struct diff_show *show = &request->show;

	show->json = request->options.json;
	show->typed = request->type_name != NULL;
	if (!show->typed)
		return STATUS_DONE;
	if (memrw_type_parse(request->type_name, &show->type) < 0)
		return report_usage("diff", "'%s' is not a type", request->type_name);
	if (memrw_type_size(show->type) == 0)
		return report_usage("diff", "str is not a type of numbers");
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (options_each(&request->options, argc, argv, parse_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	status = parse_operands(request, argc - optind, argv + optind);
	if (!status)
		status = check(request);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

static bool is_file(const char *operand)
{
	if (strchr(operand, '/'))
		return true;
	return operand[strspn(operand, "0123456789")] != '\0' && access(operand, F_OK) == 0;
}

/*
 * Doing it: each function returns the exit status.
 */

static int compare(struct request *request)
{
	struct diff_show *show = &request->show;
	const struct comparison comparison = {
		.before = &request->before,
		.after = &request->after,
		.width = show->typed ? memrw_type_size(show->type) : 1,
		.differ = diff_show_difference,
		.only = diff_show_only,
		.unreadable = diff_show_unreadable,
		.data = show,
	};
	int status;

	show->names[0] = request->before.name;
	show->names[1] = request->after.name;
	diff_show_begin(show);
	status = comparison_run(&comparison, request->choice.spans,
				request->choice.span_count);
	if (!status)
		status = diff_show_end(show);
	if (!status && request->exit_code && diff_show_differs(show))
		status = STATUS_DIFFERENT;
	diff_show_clear(show);
	return status;
}

/* What the dump has; of what else the target has nothing is known. */
static int compare_chosen(struct request *request)
{
	int status = choice_resolve(&request->choice, &request->options, request->target,
				    &request->before.parts);

	if (!status)
		status = choice_check_any(&request->choice, &request->before.parts,
					  request->before.name);
	return status ? status : compare(request);
}

static int compare_target(struct request *request, const char *text)
{
	unsigned int flags = request->options.force ? MEMRW_FORCE : 0;
	struct hold *hold = NULL;
	int status = STATUS_FAILED, held;

	request->target = target_open(&request->options, text, MEMRW_OPEN_READ_ONLY);
	if (!request->target)
		return request->options.status;
	if (request->stop)
		hold = hold_begin_reported(request->target);
	if (hold || !request->stop)
		status = source_open_target(&request->after, text, request->target, flags);
	if (!status)
		status = compare_chosen(request);
	held = hold_end_reported(hold);
	source_close(&request->after);
	memrw_target_close(request->target);
	return status == STATUS_DONE || status == STATUS_DIFFERENT ? held ? held : status :
								     status;
}

static int compare_file(struct request *request, const char *path)
{
	int status;

	if (request->stop)
		return report_usage("diff", "--stop is for a TARGET: '%s' is a file", path);
	status = source_open_dump(&request->after, path);
	if (!status)
		status = compare_chosen(request);
	source_close(&request->after);
	return status;
}

static int run(struct request *request)
{
	bool file = request->options.choice == CHOICE_OPERAND && is_file(request->other);
	int status = source_open_dump(&request->before, request->file);

	if (!status)
		status = file ? compare_file(request, request->other) :
				compare_target(request, request->other);
	source_close(&request->before);
	return status;
}

int command_diff(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "diff",
			.help = help,
			.short_options = ":t:h",
			.long_options = long_options,
		},
	};
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		status = request.options.status;
	else
		status = run(&request);
	choice_clear(&request.choice);
	return status;
}
