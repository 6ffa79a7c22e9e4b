/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of "memrw scan", carried out on a target.
 */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "condition.h"
#include "console_line.h"
#include "match.h"
#include "memrw.h"
#include "numbering.h"

/**
 * struct console_scan - one of the scans, with what its settings were set to
 * @number: by which it is called
 * @numbering: of its matches
 * @filter: words of the filter, NULL for none
 * @rounding: its name
 */
struct console_scan {
	struct memrw_scan *scan;
	unsigned int number;
	struct numbering numbering;
	char *filter;
	const char *rounding;
	double tolerance;
	bool fold;
};

struct console_freezes;

/**
 * struct console - the target, the scans, and the command under way
 * @flags: of what is written: MEMRW_FORCE
 * @json: results are JSON
 * @stop: the target is held during passes
 * @quit: the last command was "quit"
 * @source: where commands come from, NULL for a prompt
 * @line: the command
 * @result: its result as JSON, with @json
 * @scans: the scans; never none
 * @current: the one that commands are for
 * @freezes: what is frozen; NULL before anything was
 */
struct console {
	struct memrw_target *target;
	unsigned int flags;
	bool json;
	bool stop;
	bool quit;
	const char *source;
	const struct console_line *line;
	json_t *result;
	struct console_scan *scans;
	size_t scan_count;
	size_t current;
	unsigned int last_number;
	struct console_freezes *freezes;
};

/**
 * struct console_command - a command of the language
 * @name: its first word
 * @run: does it, and returns an exit status, after a report unless it is 0
 * @least: fewest words it has, itself included
 * @most: and the most
 * @usage: for "help"
 * @help: likewise
 * @words: what may follow, for completion; NULL-terminated, or NULL
 */
struct console_command {
	const char *name;
	int (*run)(struct console *console);
	size_t least;
	size_t most;
	const char *usage;
	const char *help;
	const char *const *words;
};

/** console_commands[] - all of them, with a NULL name behind the last */
extern const struct console_command console_commands[];

/**
 * console_open() - a console with one scan
 * @console: out: to be given back with console_close()
 *
 * Return: 0, or the exit status after a report.
 */
int console_open(struct console *console, struct memrw_target *target);

/** console_close() - free all but the target */
void console_close(struct console *console);

/** console_scan() - the scan that commands are for */
struct console_scan *console_scan(const struct console *console);

/** console_add_scan() - a new scan, which becomes that one; -1 with errno */
int console_add_scan(struct console *console);

/**
 * console_run_text() - carry out commands
 * @source: where they are from; NULL for a prompt
 * @first: number of the text's first line there
 *
 * Return: the exit status: that of the first command that did not succeed,
 * behind which none is carried out.  Nor is one after Ctrl-C.
 */
int console_run_text(struct console *console, const char *source, size_t first,
		     const char *text);

/**
 * console_check_text() - are these commands? without carrying them out
 *
 * Return: 0, or the exit status after a report.
 */
int console_check_text(const char *source, const char *text);

/*
 * For the commands.
 */

/** console_word() - a word of the command, "" behind the last */
const char *console_word(const struct console *console, size_t word);

/** console_complain() - report a bad word; the exit status for bad usage */
int console_complain(const struct console *console, size_t word, const char *why, ...)
	__attribute__((format(printf, 3, 4)));

/** console_complain_at() - likewise, by the column */
int console_complain_at(const struct console *console, size_t column,
			const char *why, ...) __attribute__((format(printf, 3, 4)));

/** console_fail() - report that the command failed; the exit status for that */
int console_fail(const struct console *console, const char *why, ...)
	__attribute__((format(printf, 2, 3)));

/** console_reason() - what errno means for a target */
const char *console_reason(int error);

/**
 * console_number() - a word that is a number
 *
 * Return: 0, or the exit status after a report.
 */
int console_number(const struct console *console, size_t word, uint64_t *number);

/** console_set() - a member of the result, with JSON; takes @value over */
void console_set(struct console *console, const char *name, json_t *value);

/** console_show_count() - how many matches there are; an exit status */
int console_show_count(struct console *console);

/**
 * console_add_terms() - words as terms of a region filter
 * @first: the word to begin with
 * @filter: gets them
 *
 * Return: 0, or the exit status after a report.
 */
int console_add_terms(const struct console *console, size_t first,
		      struct memrw_region_filter *filter);

#endif /* CLI_CONSOLE_H */
