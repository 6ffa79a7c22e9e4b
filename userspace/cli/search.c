// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw search: where in the target something is.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "console.h"
#include "json.h"
#include "match.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "report.h"
#include "target.h"

#define LIMIT_DEFAULT	100

static const char help[] =
	"Usage: memrw search [OPTIONS] TARGET PATTERN\n"
	"\n"
	"Print the addresses in TARGET's memory where PATTERN is: bytes such as\n"
	"'de ad ?? e?', or a value of a type. Fails if it is nowhere.\n"
	"\n"
	HELP_TARGET
	"\n"
	"Options, before TARGET:\n"
	"  -t, --type=TYPES    i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr int number str\n"
	"                        str16 bytes (default: bytes)\n"
	"  -n, --limit=N       print this many at most (default: 100)\n"
	"      --all           print them all\n"
	"      --writable      where the target may write; several of these three: all\n"
	"      --executable    where it may execute\n"
	"      --no-file       where no file is mapped\n"
	"      --heap          in the heap; several of these three: any\n"
	"      --stack         in the stack\n"
	"      --module=NAME   in a mapped file of that name or path\n"
	"      --range=START-END  from START to END, which is not included; may be repeated\n"
	"      --fold-case     upper and lower case are the same\n"
	HELP_CHOICE
	HELP_VIA
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-search(1).\n";

enum {
	OPTION_FOLD = 0x401,
	OPTION_TERM,		/* and what follows: terms of the filter */
	OPTION_MODULE = OPTION_TERM + 16,
};

static const char *const terms[] = { "writable", "executable", "no-file", "heap", "stack" };

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "limit", required_argument, NULL, 'n' },
	{ "all", no_argument, NULL, OPTION_ALL },
	{ "writable", no_argument, NULL, OPTION_TERM },
	{ "executable", no_argument, NULL, OPTION_TERM + 1 },
	{ "no-file", no_argument, NULL, OPTION_TERM + 2 },
	{ "heap", no_argument, NULL, OPTION_TERM + 3 },
	{ "stack", no_argument, NULL, OPTION_TERM + 4 },
	{ "module", required_argument, NULL, OPTION_MODULE },
	{ "range", required_argument, NULL, OPTION_RANGE },
	{ "fold-case", no_argument, NULL, OPTION_FOLD },
	OPTIONS_CHOICE,
	{ "via", required_argument, NULL, OPTION_VIA },
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line */
struct request {
	struct options options;
	struct memrw_region_filter *filter;
	const char *target;
	const char *pattern;
	unsigned int types;
	uint64_t limit;
	bool fold;
};

/*
 * Command line: each function returns 0, or the exit status after a report
 */

static int add_term(struct request *request, const char *term)
{
	if (memrw_region_filter_add(request->filter, term) == 0)
		return STATUS_DONE;
	if (errno == EINVAL)
		return report_usage("search", "'%s' is not a choice of regions", term);
	report("search", "%s", strerror(errno));
	return STATUS_FAILED;
}

static int add_module(struct request *request, const char *name)
{
	char term[4200];

	if (snprintf(term, sizeof(term), "module=%s", name) >= (int)sizeof(term))
		return report_usage("search", "the name of the module is too long");
	return add_term(request, term);
}

/* "heap" and the like are terms too, but have options of their own. */
static int add_range(struct request *request, const char *range)
{
	if (range[0] < '0' || range[0] > '9')
		return report_usage("search", "'%s' is not START-END in numbers", range);
	return add_term(request, range);
}

static int parse_type(struct request *request, const char *name)
{
	if (memrw_scan_types_parse(name, &request->types) == 0)
		return STATUS_DONE;
	return report_usage("search", "'%s' is not a type", name);
}

static int parse_option(void *data, int option)
{
	struct request *request = data;

	switch (option) {
	case 't':
		return parse_type(request, optarg);
	case 'n':
		return options_number(&request->options, "N", optarg, &request->limit);
	case OPTION_ALL:
		request->limit = UINT64_MAX;
		return STATUS_DONE;
	case OPTION_FOLD:
		request->fold = true;
		return STATUS_DONE;
	case OPTION_MODULE:
		return add_module(request, optarg);
	case OPTION_RANGE:
		return add_range(request, optarg);
	default:
		return add_term(request, terms[option - OPTION_TERM]);
	}
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands, &request->target);

	if (status)
		return status;
	if (count < 1)
		return report_usage("search", "no PATTERN given");
	if (count > 1)
		return report_usage("search", "'%s' is one operand too many", operands[1]);
	request->pattern = operands[0];
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	if (options_each(&request->options, argc, argv, parse_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	request->options.status = parse_operands(request, argc - optind, argv + optind);
	return request->options.status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * The search
 */

static int explain(const struct request *request)
{
	const char *type = match_types_name(request->types);

	switch (errno) {
	case EINVAL:
		return report_usage("search", "PATTERN '%s' is not of type %s", request->pattern, type);
	case ERANGE:
		return report_usage("search", "PATTERN '%s' does not fit %s", request->pattern, type);
	case EMSGSIZE:
		return report_usage("search", "PATTERN is longer than %d bytes",
				    MEMRW_SCAN_LENGTH_MAX);
	default:
		report("search", "%s", errno == ECANCELED ? "interrupted" : console_reason(errno));
		return STATUS_FAILED;
	}
}

static int search(const struct request *request, struct memrw_scan *scan)
{
	const struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = MEMRW_SCAN_EQ,
		.value = request->pattern,
	};
	struct progress progress;
	int result = -1;

	progress_begin(&progress);
	if (memrw_scan_set_types(scan, request->types) == 0 &&
	    memrw_scan_set_fold_case(scan, request->fold) == 0 &&
	    memrw_scan_set_filter(scan, request->filter) == 0 &&
	    memrw_scan_set_progress(scan, progress_report, &progress,
				    PROGRESS_INTERVAL_MS) == 0)
		result = memrw_scan_run(scan, &condition);
	progress_end(&progress);
	return result;
}

/*
 * What was found
 */

static void print_match(const struct match_view *view, const struct memrw_scan_match *match)
{
	match_print_place(view, match->address);
	putchar('\n');
}

/* Return: 0, or -1 with errno. */
static int show_matches(const struct request *request, struct memrw_scan *scan,
			const struct match_view *view, json_t *list)
{
	struct memrw_scan_iter *iter = memrw_scan_iter_open(scan, 0, list ? MEMRW_SCAN_READ : 0);
	struct memrw_scan_match match;
	uint64_t left = request->limit;
	int more = iter ? 1 : -1;

	while (more > 0 && left-- > 0 && (more = memrw_scan_iter_next(iter, &match)) > 0) {
		if (list)
			json_array_append_new(list, match_json(view, &match));
		else
			print_match(view, &match);
	}
	memrw_scan_iter_close(iter);
	return more < 0 ? -1 : 0;
}

static int show_json(struct memrw_target *target, uint64_t count, json_t *list)
{
	json_t *root = json_target(target);

	if (json_object_set_new(root, "count", json_integer(count)) < 0 ||
	    json_object_set(root, "matches", list) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

static int show(const struct request *request, struct memrw_target *target,
		struct memrw_scan *scan)
{
	struct match_view view = { .places = places_open(target) };
	json_t *list = request->options.json ? json_array() : NULL;
	uint64_t count = memrw_scan_count(scan);
	int status = STATUS_DONE;

	view.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	if (!view.places || show_matches(request, scan, &view, list) < 0)
		status = explain(request);
	else if (list)
		status = show_json(target, count, list);
	if (output_flush() < 0)
		status = STATUS_FAILED;
	if (!status && count > request->limit)
		report("search", "%" PRIu64 " more: --all prints them", count - request->limit);
	json_decref(list);
	places_close((struct places *)view.places);
	return status ? status : count ? STATUS_DONE : STATUS_FAILED;
}

static int run(struct request *request)
{
	struct memrw_target *target = target_open(&request->options, request->target,
						  MEMRW_OPEN_READ_ONLY);
	struct memrw_scan *scan;
	int status;

	if (!target)
		return request->options.status;
	scan = memrw_scan_open(target);
	progress_catch_interrupts();
	status = scan && search(request, scan) == 0 ? show(request, target, scan) :
						      explain(request);
	memrw_scan_close(scan);
	memrw_target_close(target);
	return status;
}

int command_search(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "search",
			.help = help,
			/* Options end at TARGET: a PATTERN may begin with "-". */
			.short_options = "+:t:n:h",
			.long_options = long_options,
		},
		.filter = memrw_region_filter_open(),
		.types = MEMRW_SCAN_BYTES,
		.limit = LIMIT_DEFAULT,
	};
	int status;

	if (!request.filter) {
		report("search", "%s", strerror(errno));
		return STATUS_FAILED;
	}
	status = parse(&request, argc, argv) == OPTIONS_STOP ? request.options.status :
							       run(&request);
	memrw_region_filter_close(request.filter);
	return status;
}
