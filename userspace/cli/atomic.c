// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw atomic: one access to a word of the target that no other comes between.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "target.h"
#include "transfer.h"
#include "value_text.h"
#include "word.h"

static const char help[] =
	"Usage: memrw atomic [OPTIONS] -t TYPE load TARGET ADDRESS\n"
	"       memrw atomic [OPTIONS] -t TYPE store TARGET ADDRESS VALUE\n"
	"       memrw atomic [OPTIONS] -t TYPE exchange TARGET ADDRESS VALUE\n"
	"       memrw atomic [OPTIONS] -t TYPE add TARGET ADDRESS VALUE\n"
	"       memrw atomic [OPTIONS] -t TYPE compare-exchange TARGET ADDRESS OLD VALUE\n"
	"\n"
	"Do something to a number in TARGET's memory that nothing else comes between,\n"
	"and print what was there before. Needs the driver.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"It must be a multiple of the TYPE's size.\n"
	"\n"
	"Options, before TARGET:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-atomic(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

static const struct operation {
	const char *name;
	enum memrw_op op;
	int values;
} operations[] = {
	{ "load", MEMRW_OP_LOAD, 0 },
	{ "store", MEMRW_OP_STORE, 1 },
	{ "exchange", MEMRW_OP_EXCHANGE, 1 },
	{ "add", MEMRW_OP_ADD, 1 },
	{ "compare-exchange", MEMRW_OP_COMPARE_EXCHANGE, 2 },
};

#define OPERATION_COUNT	(sizeof(operations) / sizeof(operations[0]))

/* struct request - the command line; options that were not given are NULL */
struct request {
	struct options options;
	const char *type_name;
	const struct operation *operation;
	const char *target;
	const char *address;
	enum memrw_type type;
	struct memrw_target_word word;
};

/*
 * Command line: each function returns 0, or the exit status after a report,
 * where it says nothing else
 */

static int parse_options(struct request *request, int argc, char **argv)
{
	int option;

	while ((option = options_next(&request->options, argc, argv)) != OPTIONS_END) {
		if (option != 't')
			return OPTIONS_STOP;
		request->type_name = optarg;
	}
	return OPTIONS_END;
}

static int parse_operation(struct request *request, const char *name)
{
	for (size_t i = 0; i < OPERATION_COUNT; i++) {
		if (strcmp(name, operations[i].name) == 0) {
			request->operation = &operations[i];
			return STATUS_DONE;
		}
	}
	return report_usage("atomic",
			    "'%s' is not load, store, exchange, add or compare-exchange",
			    name);
}

static int check_type(struct request *request)
{
	if (!request->type_name)
		return report_usage("atomic", "a --type is needed, before TARGET");
	if (memrw_type_parse(request->type_name, &request->type) < 0)
		return report_usage("atomic", "'%s' is not a type", request->type_name);
	request->word.width = memrw_type_size(request->type);
	if (request->word.width == 0)
		return report_usage("atomic", "str is not a type of numbers");
	if (request->operation->op == MEMRW_OP_ADD &&
	    (request->type == MEMRW_TYPE_F32 || request->type == MEMRW_TYPE_F64))
		return report_usage("atomic", "add is for whole numbers, not for %s",
				    request->type_name);
	return STATUS_DONE;
}

static int parse_values(struct request *request, char **values)
{
	int count = request->operation->values, status = STATUS_DONE;

	if (count == 2)
		status = word_parse(&request->options, "OLD", request->type, values[0],
				    &request->word.expected);
	if (count > 0 && !status)
		status = word_parse(&request->options, "VALUE", request->type,
				    values[count - 1], &request->word.operand);
	return status;
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int values = request->operation->values, status;

	status = options_target(&request->options, &count, &operands, &request->target);
	if (status)
		return status;
	if (count < 1)
		return report_usage("atomic", "no ADDRESS given");
	if (count < 1 + values)
		return report_usage("atomic", "no %s given",
				    count - 1 < values - 1 ? "OLD" : "VALUE");
	if (count > 1 + values)
		return report_usage("atomic", "'%s' is one operand too many",
				    operands[1 + values]);
	request->address = operands[0];
	status = check_type(request);
	return status ? status : parse_values(request, operands + 1);
}

/* Options end at TARGET, but may stand on both sides of the operation. */
static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (parse_options(request, argc, argv) == OPTIONS_STOP)
		return OPTIONS_STOP;
	if (optind == argc) {
		request->options.status = report_usage("atomic", "no operation given");
		return OPTIONS_STOP;
	}
	status = parse_operation(request, argv[optind++]);
	if (!status && parse_options(request, argc, argv) == OPTIONS_STOP)
		return OPTIONS_STOP;
	if (!status)
		status = parse_operands(request, argc - optind, argv + optind);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * What was there before
 */

static bool took_place(const struct request *request)
{
	return request->operation->op != MEMRW_OP_COMPARE_EXCHANGE ||
	       request->word.old == request->word.expected;
}

static int set_old(const struct request *request, json_t *root)
{
	char bytes[sizeof(uint64_t)];

	if (request->operation->op == MEMRW_OP_STORE)
		return 0;
	word_to_bytes(request->word.old, bytes, request->word.width);
	return json_object_set_new(root, "old", json_value(request->type, bytes));
}

static int show_json(const struct request *request, const struct memrw_target *target)
{
	json_t *root = json_target(target);

	if (json_object_set_new(root, "address", json_address(request->word.address)) < 0 ||
	    json_object_set_new(root, "operation",
				json_string(request->operation->name)) < 0 ||
	    json_object_set_new(root, "type",
				json_string(memrw_type_name(request->type))) < 0 ||
	    json_object_set_new(root, "done", json_boolean(took_place(request))) < 0 ||
	    set_old(request, root) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

static int show_text(const struct request *request)
{
	char bytes[sizeof(uint64_t)];

	if (request->operation->op == MEMRW_OP_STORE)
		return STATUS_DONE;
	word_to_bytes(request->word.old, bytes, request->word.width);
	printf("0x%jx\t", (uintmax_t)request->word.address);
	value_print(request->type, bytes);
	putchar('\n');
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

static int show(const struct request *request, const struct memrw_target *target)
{
	int status = request->options.json ? show_json(request, target) :
					     show_text(request);

	if (took_place(request))
		return status;
	word_report_difference(request->type, request->word.address, request->word.old,
			       request->word.expected);
	return STATUS_FAILED;
}

/*
 * Doing it
 */

static int operate(struct request *request, struct memrw_target *target)
{
	enum memrw_op op = request->operation->op;
	struct transfer transfer = {
		.target = target,
		.flags = request->options.force ? MEMRW_FORCE : 0,
	};
	int status;

	status = target_address(&request->options, target, request->address,
				&request->word.address);
	if (!status)
		status = word_check_address(&request->options, request->type,
					    request->word.address);
	if (status)
		return status;

	if (memrw_target_atomic(target, op, &request->word, transfer.flags) == 0)
		return show(request, target);
	transfer.error = errno;
	transfer.address = request->word.address;
	transfer_report(&transfer, op != MEMRW_OP_LOAD);
	return STATUS_FAILED;
}

int command_atomic(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "atomic",
			.help = help,
			/* Options end at an operand: a VALUE may begin with "-". */
			.short_options = "+:t:h",
			.long_options = long_options,
		},
	};
	struct memrw_target *target;
	unsigned int flags;
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		return request.options.status;
	flags = request.operation->op == MEMRW_OP_LOAD ? MEMRW_OPEN_READ_ONLY : 0;
	target = target_open(&request.options, request.target, flags);
	if (!target)
		return request.options.status;
	status = operate(&request, target);
	memrw_target_close(target);
	return status;
}
