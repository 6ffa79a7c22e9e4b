// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings of a scan.
 */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"

/* Return: 0, or the exit status after a report of errno. */
static int result_of(struct console *console, int result)
{
	if (result == 0) {
		console_set(console, console_word(console, 0),
			    json_string(console_word(console, 1)));
		return STATUS_DONE;
	}
	if (errno == EBUSY)
		return console_fail(console, "the search has begun: 'reset' ends it");
	if (errno == EINVAL)
		return console_complain(console, 1, "'%.40s' is not possible here",
					console_word(console, 1));
	return console_fail(console, "%s", strerror(errno));
}

int console_type(struct console *console)
{
	unsigned int types;

	if (memrw_scan_types_parse(console_word(console, 1), &types) < 0)
		return console_complain(console, 1, "'%.40s' is not a type", console_word(console, 1));
	return result_of(console, memrw_scan_set_types(console_scan(console)->scan, types));
}

int console_align(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	uint64_t number = 0;
	int status;

	if (strcmp(console_word(console, 1), "auto") != 0) {
		status = console_number(console, 1, &number);
		if (status)
			return status;
		if (number == 0 || number > 4096 || (number & (number - 1)))
			return console_complain(console, 1, "'%.40s' is not a power of two up to 4096",
						console_word(console, 1));
	}
	return result_of(console, memrw_scan_set_alignment(scan->scan, number));
}

/* Return: 0 or 1, the word's place among two; -1 after a report. */
static int choice(const struct console *console, const char *first, const char *second)
{
	const char *word = console_word(console, 1);

	if (strcmp(word, first) == 0)
		return 0;
	if (strcmp(word, second) == 0)
		return 1;
	console_complain(console, 1, "'%.40s' is neither %s nor %s", word, first, second);
	return -1;
}

int console_endian(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	int big = choice(console, "little", "big");

	return big < 0 ? STATUS_USAGE :
			 result_of(console, memrw_scan_set_big_endian(scan->scan, big));
}

int console_fold(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	int fold = choice(console, "off", "on"), status;

	if (fold < 0)
		return STATUS_USAGE;
	status = result_of(console, memrw_scan_set_fold_case(scan->scan, fold));
	if (!status)
		scan->fold = fold;
	return status;
}

int console_rounding(struct console *console)
{
	static const char *const names[] = {
		[MEMRW_SCAN_EXACT] = "exact",
		[MEMRW_SCAN_ROUNDED] = "rounded",
		[MEMRW_SCAN_TRUNCATED] = "truncated",
	};
	struct console_scan *scan = console_scan(console);
	const char *word = console_word(console, 1);
	int status;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(word, names[i]) != 0)
			continue;
		status = result_of(console, memrw_scan_set_rounding(scan->scan, i));
		if (!status)
			scan->rounding = names[i];
		return status;
	}
	return console_complain(console, 1, "'%.40s' is not exact, rounded or truncated", word);
}

int console_tolerance(struct console *console)
{
	struct console_scan *scan = console_scan(console);
	double tolerance;
	int status;

	if (memrw_value_parse(MEMRW_TYPE_F64, console_word(console, 1), &tolerance,
			      sizeof(tolerance)) < 0 || !(tolerance >= 0) || isinf(tolerance))
		return console_complain(console, 1, "'%.40s' is not a number from 0 on",
					console_word(console, 1));
	status = result_of(console, memrw_scan_set_tolerance(scan->scan, tolerance));
	if (!status)
		scan->tolerance = tolerance;
	return status;
}

/*
 * The filter
 */

static int resolve(const struct console *console, size_t word, const char *text,
		   uint64_t *address)
{
	if (memrw_address_resolve(console->target, text, address) < 0)
		return console_complain(console, word, "'%.40s': %s", text, memrw_address_error());
	return STATUS_DONE;
}

/* START..END, both addresses of any form, as the library has it. */
static int format_range(const struct console *console, size_t word, char *term, size_t size)
{
	char *low = strdup(console_word(console, word)), *dots = low ? strstr(low, "..") : NULL;
	uint64_t start = 0, end = 0;
	int status;

	if (!dots) {
		status = console_complain(console, word, "'%.40s' is not START..END",
					  console_word(console, word));
	} else {
		*dots = '\0';
		status = resolve(console, word, low, &start);
		if (!status)
			status = resolve(console, word, dots + 2, &end);
	}
	free(low);
	snprintf(term, size, "0x%" PRIx64 "-0x%" PRIx64, start, end);
	return status;
}

/* The term of a word and, of some, of the next, which is then counted too. */
static int make_term(const struct console *console, size_t *word, char *term, size_t size)
{
	const char *name = console_word(console, *word);
	bool module = strcmp(name, "module") == 0;

	if (!module && strcmp(name, "range") != 0) {
		snprintf(term, size, "%s", name);
		/* Those that are words, not what the library takes besides. */
		return strpbrk(name, "=0123456789") ?
			console_complain(console, *word, "'%.40s' is not a term", name) : STATUS_DONE;
	}
	if (++*word >= console->line->count)
		return console_complain(console, *word - 1, "no %s behind '%s'",
					module ? "NAME" : "START..END", name);
	if (!module)
		return format_range(console, *word, term, size);
	if (snprintf(term, size, "module=%s", console_word(console, *word)) >= (int)size)
		return console_complain(console, *word, "the name is too long");
	return STATUS_DONE;
}

int console_add_terms(const struct console *console, size_t first,
		      struct memrw_region_filter *filter)
{
	char term[4200];
	int status;

	for (size_t word = first; word < console->line->count; word++) {
		status = make_term(console, &word, term, sizeof(term));
		if (status)
			return status;
		if (memrw_region_filter_add(filter, term) == 0)
			continue;
		if (errno == EINVAL)
			return console_complain(console, word, "'%.40s' is not a term",
						console_word(console, word));
		return console_fail(console, "%s", strerror(errno));
	}
	return STATUS_DONE;
}

static int set_filter(struct console *console, struct memrw_region_filter *filter)
{
	struct console_scan *scan = console_scan(console);
	char *words = console_line_join(console->line, 1);
	int status = filter ? console_add_terms(console, 1, filter) : STATUS_DONE;

	if (!status)
		status = result_of(console, words ? memrw_scan_set_filter(scan->scan, filter) : -1);
	if (status) {
		free(words);
		return status;
	}
	console_set(console, "filter", json_string(words));
	free(scan->filter);
	scan->filter = words;
	return STATUS_DONE;
}

int console_filter(struct console *console)
{
	struct memrw_region_filter *filter;
	int status;

	if (strcmp(console_word(console, 1), "none") == 0) {
		if (console->line->count > 2)
			return console_complain(console, 2, "nothing may stand behind 'none'");
		return set_filter(console, NULL);
	}
	filter = memrw_region_filter_open();
	if (!filter)
		return console_fail(console, "%s", strerror(errno));
	status = set_filter(console, filter);
	memrw_region_filter_close(filter);
	return status;
}
