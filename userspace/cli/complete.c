// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw complete WORD...: what the last word can become, a line each, for the
 * shells' completions; ":file" stands for files.  All that it knows of options
 * and operands is what --help says.
 */

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "memrw.h"
#include "process_status.h"

/* struct line - the words behind "memrw", and what they are about */
struct line {
	char **words;
	int count;
	const char *help;
	const char *current;
	const char *target;	/* NULL where there is none so far */
	bool chosen;		/* by an option */
};

/* @before: what stands before it in the same word */
static void offer(const char *before, const char *word, const char *current)
{
	/* One line, one word. */
	for (const char *c = word; *c; c++) {
		if (iscntrl((unsigned char)*c))
			return;
	}
	if (strncmp(word, current, strlen(current)) == 0)
		printf("%s%s\n", before, word);
}

static void offer_all(const char *before, const char *const *words, const char *current)
{
	for (; *words; words++)
		offer(before, *words, current);
}

static void offer_subcommands(const char *current)
{
	const char *name;

	for (size_t i = 0; (name = command_name(i)); i++)
		offer("", name, current);
}

/*
 * Processes, and what they have mapped
 */

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* struct names - of any number, each to be offered once */
struct names {
	char **names;
	size_t count;
};

static void add_name(struct names *names, const char *name)
{
	void *grown = reallocarray(names->names, names->count + 1, sizeof(*names->names));
	char *copy = grown ? strdup(name) : NULL;

	if (grown)
		names->names = grown;
	if (copy)
		names->names[names->count++] = copy;
}

static void offer_names(struct names *names, const char *before, const char *current)
{
	if (names->count > 0)
		qsort(names->names, names->count, sizeof(*names->names), compare);
	for (size_t i = 0; i < names->count; i++) {
		if (i + 1 == names->count || strcmp(names->names[i], names->names[i + 1]) != 0)
			offer(before, names->names[i], current);
	}
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
}

static void offer_processes(const char *before, const char *current, bool by_id)
{
	struct names names = { 0 };
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char name[64];

	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		add_name(&names, by_id ? entry->d_name :
			 process_name(atoi(entry->d_name), name, sizeof(name)));
	}
	if (proc)
		closedir(proc);
	offer_names(&names, before, current);
}

static struct memrw_target *open_target(const char *text)
{
	struct memrw_target *target = NULL;
	pid_t *pids = NULL;

	if (isdigit((unsigned char)text[0]))
		return memrw_target_open(atoi(text), MEMRW_BACKEND_AUTO, MEMRW_OPEN_READ_ONLY);
	if (memrw_process_find(text, &pids) > 0)
		target = memrw_target_open(pids[0], MEMRW_BACKEND_AUTO, MEMRW_OPEN_READ_ONLY);
	free(pids);
	return target;
}

/* Modules and bracketed names, where the caller may see them. */
static void offer_addresses(const struct line *line)
{
	struct memrw_target *target = line->target ? open_target(line->target) : NULL;
	struct memrw_region_iter *iter = target ? memrw_region_iter_open(target) : NULL;
	struct memrw_region region;
	struct names names = { 0 };

	while (iter && memrw_region_iter_next(iter, &region) > 0) {
		const char *slash = strrchr(region.name, '/');

		if (region.name[0] != '\0')
			add_name(&names, slash ? slash + 1 : region.name);
	}
	memrw_region_iter_close(iter);
	memrw_target_close(target);
	offer_names(&names, "", line->current);
}

/*
 * Placeholders: what --help calls an argument or an operand
 */

static bool is(const char *word, size_t length, const char *placeholder)
{
	return strlen(placeholder) == length && memcmp(word, placeholder, length) == 0;
}

static void offer_argument(const char *word, size_t length, const char *before,
			   const char *current)
{
	static const char *const types[] = { "i8", "u8", "i16", "u16", "i32", "u32", "i64",
					     "u64", "f32", "f64", "ptr", "str", NULL };
	static const char *const scanned_types[] = { "int", "number", "str16", "bytes", NULL };
	static const char *const backends[] = { "auto", "driver", "procfs", NULL };
	static const char *const accesses[] = { "w", "rw", "x", NULL };
	static const char *const whens[] = { "auto", "always", "never", NULL };

	if (is(word, length, "TYPE") || is(word, length, "TYPES"))
		offer_all(before, types, current);
	if (is(word, length, "TYPES"))
		offer_all(before, scanned_types, current);
	if (is(word, length, "BACKEND"))
		offer_all(before, backends, current);
	else if (is(word, length, "ACCESS"))
		offer_all(before, accesses, current);
	else if (is(word, length, "WHEN"))
		offer_all(before, whens, current);
	else if (is(word, length, "FILE"))
		puts(":file");
	else if (is(word, length, "PID"))
		offer_processes(before, current, true);
	else if (is(word, length, "NAME"))
		offer_processes(before, current, false);
}

/* Capitals, and what follows them. */
static size_t placeholder_length(const char *text)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/*
 * Options
 */

/* The line of --help about an option, from its "--" on; NULL if there is none. */
static const char *find_option(const char *help, const char *option, size_t length)
{
	for (const char *line = help; line; line = strchr(line, '\n')) {
		const char *name;

		line += *line == '\n';
		if (strncmp(line, "  -", 3) != 0 && strncmp(line, "      --", 8) != 0)
			continue;
		name = strstr(line, "--");
		if (length == 2 && strncmp(line + 2, option, 2) == 0)
			return name;
		if (strncmp(name, option, length) == 0 &&
		    (name[length] == '=' || name[length] == ' '))
			return name;
	}
	return NULL;
}

/* What --help calls the option's argument; NULL where it has none. */
static const char *argument_of(const char *help, const char *option, size_t length)
{
	const char *name = find_option(help, option, length);

	if (!name)
		return NULL;
	name += strcspn(name, "= \n");
	return *name == '=' ? name + 1 : NULL;
}

static void offer_options(const struct line *line)
{
	for (const char *text = line->help; text; text = strchr(text, '\n')) {
		const char *name;
		char word[64];

		text += *text == '\n';
		if (strncmp(text, "  -", 3) != 0 && strncmp(text, "      --", 8) != 0)
			continue;
		name = strstr(text, "--");
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(name, "= \n"), name);
		if (name[strlen(word)] == '=')
			strcat(word, "=");
		offer("", word, line->current);
	}
}

/* Return: was the word an argument of an option? */
static bool complete_argument(const struct line *line)
{
	const char *equals = strchr(line->current, '='), *argument;
	const char *last = line->count > 2 ? line->words[line->count - 2] : "";
	char before[64] = "";

	if (strncmp(line->current, "--", 2) == 0 && equals) {
		argument = argument_of(line->help, line->current, equals - line->current);
		snprintf(before, sizeof(before), "%.*s=", (int)(equals - line->current),
			 line->current);
	} else {
		equals = line->current - 1;
		argument = last[0] == '-' && !strchr(last, '=') ?
			   argument_of(line->help, last, strlen(last)) : NULL;
	}
	if (argument)
		offer_argument(argument, placeholder_length(argument), before, equals + 1);
	return argument;
}

/*
 * Operands
 */

/* The process that --pid or --wait chooses. */
static void choose(struct line *line, const char *option, size_t length, const char *process)
{
	if (!is(option, length, "--pid") && !is(option, length, "--wait"))
		return;
	line->chosen = true;
	line->target = process;
}

/* The operands before the current word.  Return: how many. */
static int collect_operands(struct line *line, const char **operands)
{
	int count = 0;

	for (int i = 1; i < line->count - 1; i++) {
		const char *word = line->words[i], *equals = strchr(word, '=');
		size_t length = strcspn(word, "=");

		if (word[0] != '-' || word[1] == '\0')
			operands[count++] = word;
		else if (equals)
			choose(line, word, length, equals + 1);
		else if (argument_of(line->help, word, length))
			choose(line, word, length, line->words[++i]);
	}
	return count;
}

static void offer_operand(const struct line *line, const char *word, size_t length)
{
	char literal[64];

	if (islower((unsigned char)word[0])) {
		snprintf(literal, sizeof(literal), "%.*s", (int)length, word);
		offer("", literal, line->current);
	} else if (strncmp(word, "TARGET", 6) == 0) {
		offer_processes("", line->current, isdigit((unsigned char)line->current[0]));
	} else if (strncmp(word, "ADDRESS", 7) == 0) {
		offer_addresses(line);
	} else {
		offer_argument(word, placeholder_length(word), "", line->current);
	}
}

/* Is it a word that stands for itself, unlike TARGET? */
static bool is_literal(const char *word)
{
	return islower((unsigned char)word[0]);
}

/*
 * Of one form of the command, as --help has it, the operand behind those that
 * are there; NULL if there is none, or they are of another form.
 */
static const char *next_operand(struct line *line, const char *usage,
				const char **operands, int count)
{
	size_t length;

	for (int place = 0; *usage != '\0' && *usage != '\n'; usage += length + (usage[length] == ' ')) {
		length = strcspn(usage, " \n");
		if (usage[0] == '-') {
			/* Its argument, too. */
			length += 1 + strcspn(usage + length + 1, " \n");
			continue;
		}
		if (is(usage, length, "[OPTIONS]") ||
		    (line->chosen && is(usage, length, "TARGET")))
			continue;
		/* It may be left out, and still be what comes next. */
		if (place == count)
			return usage + (usage[0] == '[');
		if (is_literal(usage) && !is(usage, length, operands[place]))
			return NULL;
		if (is(usage, length, "TARGET"))
			line->target = operands[place];
		place++;
	}
	return NULL;
}

static bool is_usage(const char *text)
{
	return strncmp(text, "Usage: memrw ", 13) == 0 ||
	       strncmp(text, "       memrw ", 13) == 0;
}

static size_t operand_length(const char *word)
{
	return is_literal(word) ? strcspn(word, " \n") : placeholder_length(word);
}

/* Forms of a command may go on with the same operand: it is offered once. */
static void complete_operand(struct line *line)
{
	const char **operands = calloc(line->count, sizeof(*operands)), *last = "";
	int count = operands ? collect_operands(line, operands) : 0;
	const char *text = operands ? line->help : NULL;

	for (; text && is_usage(text); text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL) {
		const char *word = next_operand(line, text + 13 + strlen(line->words[0]) + 1,
						operands, count);
		size_t length = word ? operand_length(word) : 0;

		if (length == 0 || (operand_length(last) == length &&
				    memcmp(word, last, length) == 0))
			continue;
		offer_operand(line, word, length);
		last = word;
	}
	free(operands);
}

int command_complete(int argc, char **argv)
{
	struct line line = { .words = argv + 1, .count = argc - 1 };

	if (line.count < 1)
		return STATUS_DONE;
	line.current = line.words[line.count - 1];
	if (line.count == 1 || strcmp(line.words[0], "help") == 0) {
		offer_subcommands(line.current);
		offer("", "--help", line.current);
		offer("", "--version", line.current);
		return STATUS_DONE;
	}
	line.help = command_help_text(line.words[0]);
	if (!line.help || complete_argument(&line))
		return STATUS_DONE;
	if (line.current[0] == '-')
		offer_options(&line);
	else
		complete_operand(&line);
	return STATUS_DONE;
}
