// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw gdbserver: a target's memory for gdb, which takes it for a program that it
 * has stopped, while it runs on.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "gdb_listen.h"
#include "gdb_server.h"
#include "options.h"
#include "report.h"
#include "target.h"

static const char help[] =
	"Usage: memrw gdbserver [OPTIONS] --stdio TARGET\n"
	"       memrw gdbserver [OPTIONS] TARGET HOST:PORT\n"
	"\n"
	"Let gdb print and set the variables of TARGET, by their names and types, without\n"
	"ever stopping it. With --stdio, gdb is at the other end of standard input; in gdb:\n"
	"target remote | memrw gdbserver --stdio TARGET\n"
	"Else it connects to HOST:PORT; PORT 0 is one that is free, and is printed. It is\n"
	"over when gdb goes.\n"
	"\n"
	HELP_TARGET
	"HOST, if there is one, is localhost or another name or address of this machine.\n"
	"\n"
	"Options:\n"
	"      --stdio         speak through standard input and output\n"
	"      --allow-remote  HOST may be one that others than this machine reach: whoever\n"
	"                        does can read and write TARGET's memory, and your files\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_HELP
	"\n"
	"See memrw-gdbserver(1).\n";

static const struct option long_options[] = {
	{ "stdio", no_argument, NULL, OPTION_STDIO },
	{ "allow-remote", no_argument, NULL, OPTION_ALLOW_REMOTE },
	OPTIONS_TARGET,
	OPTIONS_HELP,
};

/*
 * struct request - the command line
 * @place: HOST:PORT; NULL with --stdio
 */
struct request {
	struct options options;
	const char *target;
	const char *place;
	bool stdio;
	bool allow_remote;
};

/*
 * Command line: each function returns 0, or the exit status after a report,
 * where it says nothing else
 */

static int take_option(void *data, int option)
{
	struct request *request = data;

	if (option == OPTION_STDIO)
		request->stdio = true;
	else
		request->allow_remote = true;
	return STATUS_DONE;
}

static int take_place(struct request *request, int count, char **operands)
{
	struct gdb_place place;

	if (count > 1)
		return report_usage("gdbserver", "'%s' is one operand too many", operands[1]);
	if (count == 0 && !request->stdio)
		return report_usage("gdbserver", "neither --stdio nor HOST:PORT given");
	/* As gdb's own has it: "-" is --stdio. */
	if (count > 0 && request->stdio)
		return report_usage("gdbserver", "--stdio and HOST:PORT exclude each other");
	if (request->stdio && request->allow_remote)
		return report_usage("gdbserver", "--allow-remote needs a HOST:PORT");
	if (count > 0 && !gdb_place_parse(operands[0], &place))
		return report_usage("gdbserver", "'%s' is not HOST:PORT", operands[0]);
	request->place = count > 0 ? operands[0] : NULL;
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	char **operands;
	int status, count;

	if (options_each(&request->options, argc, argv, take_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	count = argc - optind;
	operands = argv + optind;
	status = options_target(&request->options, &count, &operands, &request->target);
	if (!status)
		status = take_place(request, count, operands);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Doing it: each function returns the exit status.
 */

static int connect_client(const struct request *request, struct gdb_session *session)
{
	int status = STATUS_DONE;

	/* A client that is gone shows in what is written to it. */
	signal(SIGPIPE, SIG_IGN);
	session->link.in = STDIN_FILENO;
	session->link.out = STDOUT_FILENO;
	if (request->stdio)
		return STATUS_DONE;
	session->link.in = gdb_listen(request->place, request->allow_remote, session->pidfd,
				      &status);
	session->link.out = session->link.in;
	session->link.strict = true;
	return session->link.in < 0 ? status : STATUS_DONE;
}

static int serve(struct request *request)
{
	struct gdb_session *session = calloc(1, sizeof(*session));
	int status = STATUS_FAILED;

	if (!session) {
		report("gdbserver", "out of memory");
		return STATUS_FAILED;
	}
	session->via = request->options.via;
	session->flags = request->options.force ? MEMRW_FORCE : 0;
	session->target = target_open(&request->options, request->target, 0);
	if (session->target) {
		gdb_session_begin(session);
		status = connect_client(request, session);
		if (!status)
			gdb_server_run(session);
		if (!status && !request->stdio)
			close(session->link.in);
		gdb_session_end(session);
	} else {
		status = request->options.status;
	}
	free(session);
	return status;
}

int command_gdbserver(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "gdbserver",
			.help = help,
			.short_options = ":h",
			.long_options = long_options,
		},
	};

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		return request.options.status;
	return serve(&request);
}
