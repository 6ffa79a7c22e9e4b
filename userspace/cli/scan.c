// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw scan: search the memory of the target, again and again.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "command.h"
#include "console.h"
#include "console_prompt.h"
#include "options.h"
#include "progress.h"
#include "report.h"
#include "target.h"

static const char help[] =
	"Usage: memrw scan [OPTIONS] TARGET\n"
	"\n"
	"Search TARGET's memory for a value, narrow the matches down as it changes, and\n"
	"change it: with commands from the terminal, from -c, from -f, or from standard\n"
	"input. The command 'help' lists them.\n"
	"\n"
	HELP_TARGET
	"\n"
	"Options:\n"
	"  -c, --command=TEXT  carry out these commands, separated by ';'; again for more\n"
	"  -f, --file=FILE     carry out the commands of a file\n"
	"  -t, --type=TYPES    begin with this type: i8 u8 i16 u16 i32 u32 i64 u64 f32\n"
	"                        f64 ptr int number str str16 bytes (default: i32)\n"
	"      --stop          hold TARGET still during each pass\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-scan(1).\n";

#define OPTION_STOP	0x401

static const struct option long_options[] = {
	{ "command", required_argument, NULL, 'c' },
	{ "file", required_argument, NULL, 'f' },
	{ "type", required_argument, NULL, 't' },
	{ "stop", no_argument, NULL, OPTION_STOP },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct script - commands of -c or -f; @bytes are to be freed */
struct script {
	const char *source;
	const char *text;
	struct bytes bytes;
};

/* struct request - the command line */
struct request {
	struct options options;
	struct script *scripts;
	size_t script_count;
	unsigned int types;
	bool stop;
	const char *target;
};

/*
 * Command line: each function returns 0, or the exit status after a report
 */

static int read_all(int fd, const char *path, struct bytes *bytes)
{
	ssize_t length;

	do {
		char *end = bytes_reserve(bytes, 64 * 1024);

		if (!end)
			return STATUS_FAILED;
		length = read(fd, end, 64 * 1024 - 1);
		if (length < 0) {
			report(path, "%s", strerror(errno));
			return STATUS_FAILED;
		}
		end[length] = '\0';
		bytes->length += length;
	} while (length > 0);
	if (strlen(bytes->data) == bytes->length)
		return STATUS_DONE;
	report(path, "it has a byte 0: it is no text");
	return STATUS_USAGE;
}

static int read_script(const char *path, struct script *script)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;

	if (fd < 0) {
		report(path, "%s", strerror(errno));
		return STATUS_FAILED;
	}
	status = read_all(fd, path, &script->bytes);
	close(fd);
	script->text = script->bytes.data;
	return status;
}

static int add_script(struct request *request, int option, const char *argument)
{
	struct script *scripts = reallocarray(request->scripts, request->script_count + 1,
					      sizeof(*scripts));
	struct script *script;
	int status = STATUS_DONE;

	if (!scripts) {
		report("scan", "%s", strerror(errno));
		return STATUS_FAILED;
	}
	request->scripts = scripts;
	script = &scripts[request->script_count++];
	*script = (struct script){ .source = option == 'c' ? "-c" : argument, .text = argument };
	if (option == 'f')
		status = read_script(argument, script);
	return status ? status : console_check_text(script->source, script->text);
}

static int parse_option(void *data, int option)
{
	struct request *request = data;

	switch (option) {
	case 'c':
	case 'f':
		return add_script(request, option, optarg);
	case 't':
		if (memrw_scan_types_parse(optarg, &request->types) == 0)
			return STATUS_DONE;
		return report_usage("scan", "'%s' is not a type", optarg);
	default:
		request->stop = true;
		return STATUS_DONE;
	}
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands, &request->target);

	if (!status && count > 0)
		return report_usage("scan", "more than one TARGET given");
	return status;
}

static int parse_options(struct request *request, int argc, char **argv)
{
	if (options_each(&request->options, argc, argv, parse_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	request->options.status = parse_operands(request, argc - optind, argv + optind);
	return request->options.status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Where commands come from
 */

static int run_scripts(const struct request *request, struct console *console)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < request->script_count && !status && !console->quit; i++)
		status = console_run_text(console, request->scripts[i].source, 1,
					  request->scripts[i].text);
	return status;
}

/* Line by line: who writes them may wait for what comes of each. */
static int run_input(struct console *console)
{
	char *line = NULL;
	size_t room = 0, number = 0;
	ssize_t length;
	int status = STATUS_DONE;

	while (!status && !console->quit && (length = getline(&line, &room, stdin)) > 0) {
		number++;
		if (strlen(line) == (size_t)length) {
			status = console_run_text(console, "standard input", number, line);
		} else {
			report("standard input", "line %zu has a byte 0", number);
			status = STATUS_USAGE;
		}
	}
	free(line);
	return status;
}

static int run_console(const struct request *request, struct console *console)
{
	int status;

	console->flags = request->options.force ? MEMRW_FORCE : 0;
	console->json = request->options.json;
	console->stop = request->stop;
	memrw_scan_set_types(console_scan(console)->scan, request->types);
	progress_catch_interrupts();
	if (request->script_count == 0 && isatty(STDIN_FILENO))
		return console_prompt(console);
	status = request->script_count > 0 ? run_scripts(request, console) :
					     run_input(console);
	return progress_interrupted() && !status ? STATUS_FAILED : status;
}

static int run(struct request *request)
{
	struct memrw_target *target = target_open(&request->options, request->target, 0);
	struct console console;
	int status;

	if (!target)
		return request->options.status;
	status = console_open(&console, target);
	if (!status) {
		status = run_console(request, &console);
		console_close(&console);
	}
	memrw_target_close(target);
	return status;
}

int command_scan(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "scan",
			.help = help,
			.short_options = ":c:f:t:h",
			.long_options = long_options,
		},
		.types = MEMRW_SCAN_TYPE(MEMRW_TYPE_I32),
	};
	int status;

	status = parse_options(&request, argc, argv) == OPTIONS_STOP ?
		request.options.status : run(&request);
	for (size_t i = 0; i < request.script_count; i++)
		bytes_clear(&request.scripts[i].bytes);
	free(request.scripts);
	return status;
}
