// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw watch: which instructions of the target write to an address, by a hardware
 * watchpoint.
 */

#include <stdio.h>
#include <string.h>

#include "choice.h"
#include "clock.h"
#include "command.h"
#include "options.h"
#include "report.h"
#include "target.h"
#include "wait_signal.h"
#include "watch_loop.h"
#include "watch_open.h"
#include "watch_view.h"
#include "word.h"

static const char help[] =
	"Usage: memrw watch [OPTIONS] TARGET ADDRESS\n"
	"\n"
	"Tell each time that an instruction of TARGET's stores to the number at ADDRESS,\n"
	"which one and what, until Ctrl-C. A debug register of the processor notices; the\n"
	"target is neither traced nor stopped.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr (default: i32)\n"
	"  -l, --length=BYTES  1, 2, 4 or 8: without a TYPE, a number with a sign\n"
	"  -a, --access=ACCESS  w for stores (default), rw for loads too, x for execution\n"
	"                        of the instruction at ADDRESS\n"
	"      --changed       only when it is another number than before\n"
	"      --equal=VALUE   only when it is VALUE\n"
	"      --cross=VALUE   only when it was below VALUE and is not any more, or the\n"
	"                        other way round\n"
	"      --ip=RANGE      only instructions in FROM..TO or FROM..+LENGTH: addresses\n"
	"      --once-per-ip   only the first time of each instruction\n"
	"      --every=COUNT   of these, only each COUNTth\n"
	"      --stop          stop TARGET (SIGSTOP) each time\n"
	"  -n, --stop-after=COUNT  end after so many times\n"
	"      --duration=MS   end after this many milliseconds\n"
	"      --capacity=COUNT  how many times wait for being printed before more are\n"
	"                        lost (default: 1024; through procfs: 128)\n"
	"      --callers       print who called the function, too\n"
	"      --registers     print the registers, too\n"
	"      --summary       print only in the end: each instruction, and how often\n"
	HELP_CHOICE
	HELP_VIA
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-watch(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "length", required_argument, NULL, 'l' },
	{ "access", required_argument, NULL, 'a' },
	{ "changed", no_argument, NULL, OPTION_CHANGED },
	{ "equal", required_argument, NULL, OPTION_EQUAL },
	{ "cross", required_argument, NULL, OPTION_CROSS },
	{ "ip", required_argument, NULL, OPTION_IP },
	{ "once-per-ip", no_argument, NULL, OPTION_ONCE_PER_IP },
	{ "every", required_argument, NULL, OPTION_EVERY },
	{ "stop", no_argument, NULL, OPTION_STOP },
	{ "stop-after", required_argument, NULL, 'n' },
	{ "duration", required_argument, NULL, OPTION_DURATION },
	{ "capacity", required_argument, NULL, OPTION_CAPACITY },
	{ "callers", no_argument, NULL, OPTION_CALLERS },
	{ "registers", no_argument, NULL, OPTION_REGISTERS },
	{ "summary", no_argument, NULL, OPTION_SUMMARY },
	OPTIONS_CHOICE,
	{ "via", required_argument, NULL, OPTION_VIA },
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* The most that --capacity may ask for, as memrw_watch_open(3) has it. */
#define CAPACITY_MAX	65536

/* struct request - the command line; options that were not given are NULL */
struct request {
	struct options options;
	const char *type;
	const char *length;
	const char *equal;
	const char *cross;
	const char *ip;
	const char *target;
	const char *address;
	struct memrw_watch_filter filter;
	struct watch_view view;
	struct watch_loop loop;
};

/*
 * Command line: each function returns 0, or the exit status after a report,
 * where it says nothing else
 */

static int parse_access(struct request *request, const char *name)
{
	static const struct {
		const char *name;
		enum memrw_watch_kind kind;
	} kinds[] = {
		{ "w", MEMRW_WATCH_WRITE },
		{ "rw", MEMRW_WATCH_READ_WRITE },
		{ "x", MEMRW_WATCH_EXECUTE },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			request->view.kind = kinds[i].kind;
			return STATUS_DONE;
		}
	}
	return report_usage("watch", "--access is w, rw or x, not '%s'", name);
}

/* A number that has a limit. */
static int parse_count(const struct request *request, const char *what, const char *text,
		       uint32_t most, uint32_t *count)
{
	uint64_t number = 0;
	int status = options_number(&request->options, what, text, &number);

	if (!status && number > most)
		return report_usage("watch", "%s '%s' is more than %u", what, text, most);
	*count = number;
	return status;
}

static int take_flag(struct request *request, int option)
{
	switch (option) {
	case OPTION_CHANGED:
		request->filter.flags |= MEMRW_WATCH_CHANGED;
		break;
	case OPTION_ONCE_PER_IP:
		request->filter.flags |= MEMRW_WATCH_ONCE_PER_IP;
		break;
	case OPTION_STOP:
		request->filter.flags |= MEMRW_WATCH_STOP;
		break;
	case OPTION_CALLERS:
		request->view.callers = true;
		break;
	case OPTION_REGISTERS:
		request->view.registers = true;
		break;
	default:
		request->view.summary = true;
	}
	return STATUS_DONE;
}

static int take_text(const char **text)
{
	*text = optarg;
	return STATUS_DONE;
}

static int take_option(void *data, int option)
{
	struct request *request = data;

	switch (option) {
	case 't':
		return take_text(&request->type);
	case 'l':
		return take_text(&request->length);
	case 'a':
		return parse_access(request, optarg);
	case OPTION_EQUAL:
		return take_text(&request->equal);
	case OPTION_CROSS:
		return take_text(&request->cross);
	case OPTION_IP:
		return take_text(&request->ip);
	case OPTION_EVERY:
		return parse_count(request, "--every", optarg, UINT32_MAX,
				   &request->filter.every);
	case OPTION_CAPACITY:
		return parse_count(request, "--capacity", optarg, CAPACITY_MAX,
				   &request->filter.capacity);
	case 'n':
		return options_number(&request->options, "--stop-after", optarg,
				      &request->filter.limit);
	case OPTION_DURATION:
		return options_time(&request->options, "--duration", optarg, MILLISECOND,
				    &request->loop.time);
	default:
		return take_flag(request, option);
	}
}

static int parse_type(struct request *request)
{
	enum memrw_type *type = &request->view.type;

	if (memrw_type_parse(request->type, type) < 0)
		return report_usage("watch", "'%s' is not a type", request->type);
	if (memrw_type_size(*type) == 0)
		return report_usage("watch", "str is not a type of numbers");
	return STATUS_DONE;
}

static int check_length(const struct request *request)
{
	uint64_t length;
	int status = options_number(&request->options, "--length", request->length, &length);

	if (!status && length != memrw_type_size(request->view.type))
		return report_usage("watch", "--length '%s' is not the size of %s",
				    request->length, request->type);
	return status;
}

static int parse_length(struct request *request)
{
	static const enum memrw_type types[] = {
		MEMRW_TYPE_I8, MEMRW_TYPE_I16, MEMRW_TYPE_I32, MEMRW_TYPE_I64,
	};
	uint64_t length;
	int status = options_number(&request->options, "--length", request->length, &length);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && !status; i++) {
		if (memrw_type_size(types[i]) == length) {
			request->view.type = types[i];
			return STATUS_DONE;
		}
	}
	return status ? status : report_usage("watch", "--length is 1, 2, 4 or 8, not '%s'",
					      request->length);
}

static bool has_sign(enum memrw_type type)
{
	switch (type) {
	case MEMRW_TYPE_I8:
	case MEMRW_TYPE_I16:
	case MEMRW_TYPE_I32:
	case MEMRW_TYPE_I64:
	case MEMRW_TYPE_F32:
	case MEMRW_TYPE_F64:
		return true;
	default:
		return false;
	}
}

static bool is_float(enum memrw_type type)
{
	return type == MEMRW_TYPE_F32 || type == MEMRW_TYPE_F64;
}

static bool is_negative(enum memrw_type type, uint64_t word)
{
	return word >> (8 * memrw_type_size(type) - 1);
}

/*
 * Floating-point numbers are compared as if they were whole ones with a sign: the order
 * of two is the same where one is not negative.
 */
static int parse_cross(struct request *request)
{
	enum memrw_type type = request->view.type;
	int status = word_parse(&request->options, "--cross", type, request->cross,
				&request->filter.operand);

	if (!status && is_float(type) && is_negative(type, request->filter.operand))
		return report_usage("watch", "--cross '%s': of type %s, it cannot be negative",
				    request->cross, memrw_type_name(type));
	request->filter.test = MEMRW_WATCH_IF_CROSS;
	if (has_sign(type))
		request->filter.flags |= MEMRW_WATCH_SIGNED;
	return status;
}

static int parse_test(struct request *request)
{
	if (request->equal && request->cross)
		return report_usage("watch", "--equal and --cross exclude each other");
	if (request->cross)
		return parse_cross(request);
	if (!request->equal)
		return STATUS_DONE;
	request->filter.test = MEMRW_WATCH_IF_EQUAL;
	return word_parse(&request->options, "--equal", request->view.type, request->equal,
			  &request->filter.operand);
}

static int parse_value(struct request *request)
{
	int status = request->type ? parse_type(request) : STATUS_DONE;

	if (!status && request->length)
		status = request->type ? check_length(request) : parse_length(request);
	return status ? status : parse_test(request);
}

/* What is executed is an instruction, and no number. */
static int check_execute(const struct request *request)
{
	if (request->type || request->length || request->equal || request->cross ||
	    request->filter.flags & MEMRW_WATCH_CHANGED)
		return report_usage("watch", "--type, --length, --changed, --equal and --cross do not go with --access=x");
	return STATUS_DONE;
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands, &request->target);

	if (status)
		return status;
	if (count < 1)
		return report_usage("watch", "no ADDRESS given");
	if (count > 1)
		return report_usage("watch", "'%s' is one operand too many", operands[1]);
	request->address = operands[0];
	return request->view.kind == MEMRW_WATCH_EXECUTE ? check_execute(request) :
							    parse_value(request);
}

static int parse(struct request *request, int argc, char **argv)
{
	if (options_each(&request->options, argc, argv, take_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	request->options.status = parse_operands(request, argc - optind, argv + optind);
	return request->options.status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Doing it: each function returns the exit status.
 */

/*
 * On x86 the address of a hit is the one behind the instruction, but of an instruction
 * that is watched itself.
 */
static bool is_behind(enum memrw_watch_kind kind)
{
#if defined(__x86_64__) || defined(__i386__)
	return kind != MEMRW_WATCH_EXECUTE;
#else
	(void)kind;
	return false;
#endif
}

static int choose_instructions(struct request *request)
{
	struct memrw_watch_filter *filter = &request->filter;
	uint64_t start, end;
	int status;

	if (!request->ip)
		return STATUS_DONE;
	status = choice_range("--ip", request->ip, &request->options, request->view.target,
			      &start, &end);
	if (status)
		return status;
	filter->ip_first = start + is_behind(request->view.kind);
	filter->ip_last = end - !is_behind(request->view.kind);
	return STATUS_DONE;
}

static int find_address(struct request *request)
{
	struct watch_view *view = &request->view;
	int status = target_address(&request->options, view->target, request->address,
				    &view->address);

	if (status || view->kind == MEMRW_WATCH_EXECUTE)
		return status;
	return word_check_address(&request->options, view->type, view->address);
}

static int run_watch(struct request *request)
{
	struct watch_view *view = &request->view;
	size_t length = view->kind == MEMRW_WATCH_EXECUTE ? 1 : memrw_type_size(view->type);
	int status = STATUS_FAILED;

	view->start = clock_now();
	request->loop.watch = watch_open(view->target, view->address, length, view->kind,
					 &request->filter);
	if (!request->loop.watch)
		return STATUS_FAILED;
	if (watch_view_open(view) == 0)
		status = watch_loop_run(&request->loop);
	watch_view_close(view);
	memrw_watch_close(request->loop.watch);
	return status;
}

static int run(struct request *request)
{
	bool stops = request->filter.flags & MEMRW_WATCH_STOP;
	struct watch_view *view = &request->view;
	int status;

	view->json = request->options.json;
	request->loop.view = view;
	view->target = target_open(&request->options, request->target,
				   stops ? 0 : MEMRW_OPEN_READ_ONLY);
	if (!view->target)
		return request->options.status;
	wait_signal_begin();
	status = find_address(request);
	if (!status)
		status = choose_instructions(request);
	if (!status)
		status = run_watch(request);
	memrw_target_close(view->target);
	return status;
}

int command_watch(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "watch",
			.help = help,
			.short_options = ":t:l:a:n:h",
			.long_options = long_options,
		},
		.view.kind = MEMRW_WATCH_WRITE,
		.view.type = MEMRW_TYPE_I32,
	};

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		return request.options.status;
	return run(&request);
}
