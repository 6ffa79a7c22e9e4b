// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw: read and write the memory of another process.
 */

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "memrw.h"
#include "options.h"
#include "output.h"
#include "report.h"

static int command_help(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "info", command_info, "tell whether the driver can be used" },
	{ "maps", command_maps, "print the regions of a process" },
	{ "read", command_read, "print the memory of a process" },
	{ "write", command_write, "change the memory of a process" },
	{ "atomic", command_atomic, "read or change a number in one indivisible step" },
	{ "freeze", command_freeze, "write a value again and again, or keep it in bounds" },
	{ "poll", command_poll, "print values of a process as they change" },
	{ "watch", command_watch, "tell which instructions write to an address" },
	{ "view", command_view, "show the memory of a process on the whole screen, live" },
	{ "gdbserver", command_gdbserver, "let gdb print and set variables without stopping" },
	{ "dump", command_dump, "copy the memory of a process to a file" },
	{ "load", command_load, "write a dump back into the memory of a process" },
	{ "diff", command_diff, "compare two dumps, or a dump and its process" },
	{ "scan", command_scan, "search the memory of a process, narrow down, change" },
	{ "search", command_search, "print where in a process something is" },
	{ "pointers", command_pointers, "find chains of pointers that lead to an address" },
	/* For the shells' completions; what has no help is not shown. */
	{ "complete", command_complete, NULL },
	{ "help", command_help, "print the help of a subcommand" },
};

#define COMMAND_COUNT	(sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *stream)
{
	fputs("Usage: memrw SUBCOMMAND [OPTIONS] [TARGET ...]\n"
	      "\n"
	      "Read and write the memory of another process, through the driver memrw or\n"
	      "else through procfs. TARGET is a process ID, or the name of one process.\n"
	      "\n"
	      "Subcommands:\n", stream);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (!commands[i].help)
			continue;
		fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].help);
	}
	fputs("\n"
	      "Options:\n"
	      "  -V, --version  print the version\n"
	      "  -h, --help     print this help\n"
	      "\n"
	      "'memrw SUBCOMMAND --help' tells more; see memrw(1).\n", stream);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	}
	return NULL;
}

const char *command_name(size_t i)
{
	for (size_t j = 0; j < COMMAND_COUNT; j++) {
		if (commands[j].help && i-- == 0)
			return commands[j].name;
	}
	return NULL;
}

const char *command_help_text(const char *name)
{
	const struct command *command = find_command(name);
	char *arguments[] = { NULL, "--help", NULL };
	const char *text = NULL;

	if (!command || !command->help || command->run == command_help)
		return NULL;
	arguments[0] = (char *)command->name;
	options_keep_help(&text);
	command->run(2, arguments);
	options_keep_help(NULL);
	return text;
}

static int no_such_command(const char *name)
{
	report(name, "no such subcommand (see 'memrw --help')");
	return STATUS_USAGE;
}

static int command_help(int argc, char **argv)
{
	const struct command *command;
	char *arguments[] = { NULL, "--help", NULL };

	if (argc < 2 || argv[1][0] == '-') {
		print_help(stdout);
		return STATUS_DONE;
	}
	command = find_command(argv[1]);
	if (!command)
		return no_such_command(argv[1]);
	if (command->run == command_help)
		return command_help(1, argv);
	if (!command->help)
		return no_such_command(argv[1]);
	arguments[0] = argv[1];
	return command->run(2, arguments);
}

static int run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return command_help(1, argv);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("memrw %s\n", memrw_version());
		return STATUS_DONE;
	}
	command = find_command(argv[1]);
	return command ? command->run(argc - 1, argv + 1) : no_such_command(argv[1]);
}

int main(int argc, char **argv)
{
	int status;

	/* What can be printed; numbers stay as they are everywhere. */
	setlocale(LC_CTYPE, "");
	status = run(argc, argv);
	return output_flush() < 0 && !status ? STATUS_FAILED : status;
}
