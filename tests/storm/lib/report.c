// SPDX-License-Identifier: GPL-2.0-only
#include "lib/report.h"

#include <stdarg.h>
#include <stdio.h>

static unsigned int tests, failed;

static void print(const char *begin, const char *format, va_list arguments)
{
	fputs(begin, stdout);
	vprintf(format, arguments);
	putchar('\n');
	fflush(stdout);
}

void report(bool good, const char *format, ...)
{
	char begin[32];
	va_list arguments;

	tests++;
	failed += !good;
	snprintf(begin, sizeof(begin), "%s %u - ", good ? "ok" : "not ok", tests);
	va_start(arguments, format);
	print(begin, format, arguments);
	va_end(arguments);
}

void report_skip(const char *what, const char *why)
{
	printf("ok %u - %s # SKIP %s\n", ++tests, what, why);
	fflush(stdout);
}

void report_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print("# ", format, arguments);
	va_end(arguments);
}

int report_end(void)
{
	printf("1..%u\n", tests);
	fflush(stdout);
	return failed != 0;
}
