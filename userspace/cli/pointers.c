// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw pointers: chains of pointers that lead to an address, and which of
 * those of a file still do.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "lines.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "target.h"

#define DEFAULT_DEPTH		4
#define DEFAULT_MAX_OFFSET	2048
#define DEFAULT_LIMIT		1000

static const char help[] =
	"Usage: memrw pointers [OPTIONS] TARGET ADDRESS\n"
	"\n"
	"Find chains of pointers that lead from the data of TARGET's program and its\n"
	"libraries to ADDRESS, and print them, the shortest first, as addresses that\n"
	"every subcommand takes.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options:\n"
	"      --depth=N       up to N pointers in a chain (4; 16 at most)\n"
	"      --max-offset=M  up to M bytes behind what a pointer points to (2048)\n"
	"      --limit=COUNT   up to COUNT chains (1000)\n"
	"      --check=FILE    instead of looking for any, print the chains in FILE (-\n"
	"                        for standard input) that lead to ADDRESS now\n"
	HELP_CHOICE
	HELP_VIA
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-pointers(1).\n";

enum {
	OPTION_DEPTH = 0x10000,
	OPTION_MAX_OFFSET,
	OPTION_LIMIT,
	OPTION_CHECK,
};

static const struct option long_options[] = {
	{ "depth", required_argument, NULL, OPTION_DEPTH },
	{ "max-offset", required_argument, NULL, OPTION_MAX_OFFSET },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "check", required_argument, NULL, OPTION_CHECK },
	OPTIONS_CHOICE,
	{ "via", required_argument, NULL, OPTION_VIA },
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line; @check is NULL where nothing is checked */
struct request {
	struct options options;
	const char *target;
	const char *address;
	const char *check;
	uint64_t depth;
	uint64_t max_offset;
	uint64_t limit;
};

/*
 * Command line
 */

static int parse_option(void *data, int option)
{
	struct request *request = data;

	switch (option) {
	case OPTION_DEPTH:
		return options_number(&request->options, "--depth", optarg, &request->depth);
	case OPTION_MAX_OFFSET:
		if (memrw_value_parse(MEMRW_TYPE_U64, optarg, &request->max_offset,
				      sizeof(request->max_offset)) >= 0)
			return STATUS_DONE;
		return report_usage("pointers", "--max-offset '%s' is not a number", optarg);
	case OPTION_LIMIT:
		return options_number(&request->options, "--limit", optarg, &request->limit);
	default:
		request->check = optarg;
		return STATUS_DONE;
	}
}

static int parse_options(struct request *request, int argc, char **argv)
{
	int status = STATUS_DONE;

	if (options_each(&request->options, argc, argv, parse_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	if (request->depth > MEMRW_POINTERS_DEPTH_MAX)
		status = report_usage("pointers", "--depth is %d at most",
				      MEMRW_POINTERS_DEPTH_MAX);
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
		return report_usage("pointers", "no ADDRESS given");
	if (count > 1)
		return report_usage("pointers", "'%s' is one operand too many", operands[1]);
	request->address = operands[0];
	return STATUS_DONE;
}

/*
 * Chains, on their way out
 */

static int print_json(struct memrw_target *target, uint64_t address, json_t *chains,
		      bool complete)
{
	json_t *root = json_target(target);

	if (json_object_set_new(root, "address", json_address(address)) < 0 ||
	    json_object_set_new(root, "complete", json_boolean(complete)) < 0 ||
	    json_object_set(root, "pointers", chains) < 0) {
		json_decref(root);
		root = NULL;
	}
	json_decref(chains);
	return json_print(root);
}

static void show_chain(json_t *chains, const char *text)
{
	if (chains)
		json_array_append_new(chains, json_text(text, strlen(text)));
	else
		puts(text);
}

static int finish(const struct request *request, struct memrw_target *target,
		  uint64_t address, json_t *chains, bool complete)
{
	if (request->options.json)
		return print_json(target, address, chains, complete);
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

static int none_found(const struct request *request, const char *why)
{
	report(request->address, "%s", why);
	return STATUS_FAILED;
}

/*
 * Finding them
 */

static int show_all(const struct request *request, struct memrw_target *target,
		    uint64_t address, const struct memrw_pointers *pointers)
{
	json_t *chains = request->options.json ? json_array() : NULL;
	bool complete = memrw_pointers_complete(pointers);
	size_t count = memrw_pointers_count(pointers);
	int status;

	for (size_t i = 0; i < count; i++)
		show_chain(chains, memrw_pointers_text(pointers, i));
	status = finish(request, target, address, chains, complete);
	if (!complete && !status)
		report(request->address,
		       "there are more chains: --limit, --depth or --max-offset can be changed");
	if (count > 0 || status)
		return status;
	return none_found(request, "no chain of pointers leads there");
}

static int find(const struct request *request, struct memrw_target *target,
		uint64_t address)
{
	struct memrw_pointers_query query = {
		.address = address,
		.max_offset = request->max_offset,
		.depth = request->depth,
		.limit = request->limit,
	};
	struct memrw_pointers *pointers = memrw_pointers_find(target, &query);
	int status;

	if (!pointers) {
		report(memrw_target_comm(target), "%s", errno == ESRCH ?
		       "the process has exited" : strerror(errno));
		return STATUS_FAILED;
	}
	status = show_all(request, target, address, pointers);
	memrw_pointers_close(pointers);
	return status;
}

/*
 * Checking those of a file
 */

/* Return: 0, or the exit status after a report: nothing is printed then. */
static int check_grammar(const struct request *request, struct memrw_target *target,
			 const struct lines *lines, const struct memrw_address_text *texts)
{
	uint64_t address;

	for (size_t i = 0; i < lines->count; i++) {
		if (texts[i].error != EINVAL && texts[i].error != ERANGE)
			continue;
		/* Once more, for the sentence. */
		memrw_address_resolve(target, texts[i].text, &address);
		return report_usage("pointers", "%s: line %zu: '%s': %s (at column %zu)",
				    request->check, lines->numbers[i], texts[i].text,
				    memrw_address_error(),
				    memrw_address_error_position() + 1);
	}
	return STATUS_DONE;
}

static int show_kept(const struct request *request, struct memrw_target *target,
		     uint64_t address, const struct memrw_address_text *texts, size_t count)
{
	json_t *chains = request->options.json ? json_array() : NULL;
	size_t kept = 0;
	int status;

	for (size_t i = 0; i < count; i++) {
		if (texts[i].error || texts[i].address != address)
			continue;
		show_chain(chains, texts[i].text);
		kept++;
	}
	status = finish(request, target, address, chains, true);
	if (kept > 0 || status)
		return status;
	return none_found(request, "no chain of the file leads there");
}

static int check_lines(const struct request *request, struct memrw_target *target,
		       uint64_t address, const struct lines *lines)
{
	struct memrw_address_text *texts = calloc(lines->count + 1, sizeof(*texts));
	int status = STATUS_FAILED;

	for (size_t i = 0; texts && i < lines->count; i++)
		texts[i].text = lines->lines[i];
	if (!texts || memrw_address_resolve_all(target, texts, lines->count) < 0) {
		report(memrw_target_comm(target), "%s", strerror(errno));
	} else {
		status = check_grammar(request, target, lines, texts);
		if (!status)
			status = show_kept(request, target, address, texts, lines->count);
	}
	free(texts);
	return status;
}

static int check(const struct request *request, struct memrw_target *target,
		 uint64_t address)
{
	struct lines lines;
	int status = lines_read(&lines, request->check);

	if (!status)
		status = check_lines(request, target, address, &lines);
	lines_clear(&lines);
	return status;
}

static int run(struct request *request)
{
	struct memrw_target *target;
	uint64_t address;
	int status;

	target = target_open(&request->options, request->target, MEMRW_OPEN_READ_ONLY);
	if (!target)
		return request->options.status;
	status = target_address(&request->options, target, request->address, &address);
	if (!status)
		status = request->check ? check(request, target, address) :
					  find(request, target, address);
	memrw_target_close(target);
	return status;
}

int command_pointers(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "pointers",
			.help = help,
			.short_options = ":h",
			.long_options = long_options,
		},
		.depth = DEFAULT_DEPTH,
		.max_offset = DEFAULT_MAX_OFFSET,
		.limit = DEFAULT_LIMIT,
	};
	int status;

	if (parse_options(&request, argc, argv) == OPTIONS_STOP)
		return request.options.status;
	status = parse_operands(&request, argc - optind, argv + optind);
	return status ? status : run(&request);
}
