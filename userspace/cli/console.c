// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "console.h"
#include "console_freeze.h"
#include "output.h"
#include "progress.h"
#include "report.h"

/*
 * The scans
 */

struct console_scan *console_scan(const struct console *console)
{
	return &console->scans[console->current];
}

int console_add_scan(struct console *console)
{
	struct console_scan *scans = reallocarray(console->scans, console->scan_count + 1,
						  sizeof(*scans));
	struct memrw_scan *scan;

	if (!scans)
		return -1;
	console->scans = scans;
	scan = memrw_scan_open(console->target);
	if (!scan)
		return -1;
	scans[console->scan_count] = (struct console_scan){
		.scan = scan,
		.number = ++console->last_number,
		.rounding = "exact",
	};
	console->current = console->scan_count++;
	return 0;
}

int console_open(struct console *console, struct memrw_target *target)
{
	*console = (struct console){ .target = target };
	if (console_add_scan(console) == 0)
		return STATUS_DONE;
	report("scan", "%s", strerror(errno));
	return STATUS_FAILED;
}

void console_close(struct console *console)
{
	console_freezes_close(console->freezes);
	for (size_t i = 0; i < console->scan_count; i++) {
		memrw_scan_close(console->scans[i].scan);
		numbering_clear(&console->scans[i].numbering);
		free(console->scans[i].filter);
	}
	free(console->scans);
}

/*
 * What is wrong, and where
 */

static void report_place(const char *source, size_t line, size_t column, const char *why)
{
	char place[128];

	if (source)
		snprintf(place, sizeof(place), "%.90s:%zu:%zu", source, line, column);
	else
		snprintf(place, sizeof(place), "column %zu", column);
	report(place, "%s", why);
}

#define FORMAT(text, format)						\
	do {								\
		va_list arguments;					\
									\
		va_start(arguments, format);				\
		vsnprintf(text, sizeof(text), format, arguments);	\
		va_end(arguments);					\
	} while (0)

int console_complain(const struct console *console, size_t word, const char *why, ...)
{
	char text[256];

	FORMAT(text, why);
	report_place(console->source, console->line->line,
		     console->line->words[word].column, text);
	return STATUS_USAGE;
}

int console_complain_at(const struct console *console, size_t column,
			const char *why, ...)
{
	char text[256];

	FORMAT(text, why);
	report_place(console->source, console->line->line, column, text);
	return STATUS_USAGE;
}

int console_fail(const struct console *console, const char *why, ...)
{
	char text[256];

	FORMAT(text, why);
	report(console_word(console, 0), "%s", text);
	return STATUS_FAILED;
}

const char *console_reason(int error)
{
	switch (error) {
	case ESRCH:
		return "the process has exited";
	case ESTALE:
		return "the process has replaced its memory by execve(2)";
	case ECANCELED:
		return "interrupted: all is as it was before";
	case EIO:
		return "the memory there is not mapped or not accessible";
	default:
		return strerror(error);
	}
}

/*
 * A command
 */

static bool is_in(const struct console_line *line, const struct console_command *command)
{
	return strcmp(line->words[0].text, command->name) == 0;
}

/* Operators stand without a blank behind them too: all have the same function. */
static const struct console_command *find_command(const struct console_line *line)
{
	const struct console_command *command = console_commands;

	if (condition_begins(line->words[0].text))
		return command;
	while (command->name && !is_in(line, command))
		command++;
	return command->name ? command : NULL;
}

static int check_condition(const struct console_line *line, struct console_error *error)
{
	struct condition condition;

	if (condition_parse(&condition, line, error) < 0)
		return -1;
	condition_clear(&condition);
	return 0;
}

static const struct console_command *check_line(const struct console_line *line,
						struct console_error *error)
{
	const struct console_command *command = find_command(line);
	const char *name = line->words[0].text;

	if (!command)
		console_error_set(error, line->line, line->words[0].column,
				  "'%.40s' is not a command (see 'help')", name);
	else if (line->count < command->least)
		console_error_set(error, line->line, line->words[0].column,
				  "%s needs more: %s", name, command->usage);
	else if (line->count > command->most)
		console_error_set(error, line->line, line->words[command->most].column,
				  "'%.40s' is one word too many: %s",
				  line->words[command->most].text, command->usage);
	else if (command->run != console_commands[0].run ||
		 check_condition(line, error) == 0)
		return command;
	return NULL;
}

static int report_error(const char *source, size_t first, const struct console_error *error)
{
	if (error->why[0] == '\0') {
		report(source ? source : "scan", "%s", strerror(ENOMEM));
		return STATUS_FAILED;
	}
	report_place(source, first + error->line - 1, error->column, error->why);
	return STATUS_USAGE;
}

int console_check_text(const char *source, const char *text)
{
	struct console_text at = console_text_begin(text);
	struct console_line line;
	struct console_error error;
	int more;

	while ((more = console_line_next(&at, &line, &error)) > 0) {
		bool good = line.count == 0 || check_line(&line, &error);

		console_line_clear(&line);
		if (!good)
			return report_error(source, 1, &error);
	}
	return more < 0 ? report_error(source, 1, &error) : STATUS_DONE;
}

static int print_result(struct console *console, int status)
{
	json_t *result = console->result;

	console->result = NULL;
	if (status == STATUS_DONE && result) {
		if (json_dumpf(result, stdout, JSON_COMPACT) < 0)
			status = STATUS_FAILED;
		putchar('\n');
	}
	json_decref(result);
	return output_flush() < 0 ? STATUS_FAILED : status;
}

static int run_line(struct console *console, const struct console_command *command)
{
	char *text = NULL;
	int status;

	if (console->json) {
		text = console_line_join(console->line, 0);
		console->result = json_pack("{s:s*,s:i}", "command", text, "scan",
					    (int)console_scan(console)->number);
	}
	status = command->run(console);
	free(text);
	return print_result(console, status);
}

static int run_command(struct console *console, size_t first, struct console_line *line)
{
	const struct console_command *command;
	struct console_error error;

	if (line->count == 0)
		return STATUS_DONE;
	command = check_line(line, &error);
	if (!command)
		return report_error(console->source, first, &error);
	line->line += first - 1;
	console->line = line;
	return run_line(console, command);
}

int console_run_text(struct console *console, const char *source, size_t first,
		     const char *text)
{
	struct console_text at = console_text_begin(text);
	struct console_line line;
	struct console_error error;
	int more, status = STATUS_DONE;

	console->source = source;
	while (!status && !console->quit && !progress_interrupted() &&
	       (more = console_line_next(&at, &line, &error)) != 0) {
		if (more < 0)
			return report_error(source, first, &error);
		status = run_command(console, first, &line);
		console_line_clear(&line);
	}
	return status;
}

/*
 * For the commands
 */

const char *console_word(const struct console *console, size_t word)
{
	return word < console->line->count ? console->line->words[word].text : "";
}

int console_number(const struct console *console, size_t word, uint64_t *number)
{
	const char *text = console_word(console, word);

	if (memrw_value_parse(MEMRW_TYPE_U64, text, number, sizeof(*number)) < 0)
		return console_complain(console, word, errno == ERANGE ?
					"'%.40s' does not fit in 64 bits" :
					"'%.40s' is not a number", text);
	return STATUS_DONE;
}

void console_set(struct console *console, const char *name, json_t *value)
{
	if (console->result)
		json_object_set_new(console->result, name, value);
	else
		json_decref(value);
}

int console_show_count(struct console *console)
{
	uint64_t count = memrw_scan_count(console_scan(console)->scan);

	console_set(console, "matches", json_integer(count));
	if (!console->json)
		printf("%ju %s\n", (uintmax_t)count, count == 1 ? "match" : "matches");
	return STATUS_DONE;
}
