// SPDX-License-Identifier: GPL-2.0-only

#include <stdarg.h>
#include <stdio.h>

#include "color.h"
#include "command.h"
#include "report.h"

/* What was printed so far comes first, also where both streams are one file. */
static void begin(void)
{
	fflush(stdout);
	color_begin(stderr, COLOR_ERROR);
	fputs("memrw:", stderr);
	color_end(stderr);
	fputc(' ', stderr);
}

#define PRINT_ARGUMENTS(format)				\
	do {						\
		va_list arguments;			\
							\
		va_start(arguments, format);		\
		vfprintf(stderr, format, arguments);	\
		va_end(arguments);			\
	} while (0)

void report(const char *what, const char *why, ...)
{
	begin();
	fprintf(stderr, "%s: ", what);
	PRINT_ARGUMENTS(why);
	fputc('\n', stderr);
}

void report_note(const char *note, ...)
{
	begin();
	PRINT_ARGUMENTS(note);
	fputc('\n', stderr);
}

void report_try(const char *command, ...)
{
	begin();
	fputs("try: ", stderr);
	PRINT_ARGUMENTS(command);
	fputc('\n', stderr);
}

int report_usage(const char *subcommand, const char *why, ...)
{
	begin();
	fprintf(stderr, "%s: ", subcommand);
	PRINT_ARGUMENTS(why);
	fprintf(stderr, " (see 'memrw %s --help')\n", subcommand);
	return STATUS_USAGE;
}
