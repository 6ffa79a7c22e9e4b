// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"

#define ANY	((size_t)-1)

#define WORDS(...)	((const char *const[]){ __VA_ARGS__, NULL })

#define TYPES		"i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", \
			"ptr", "int", "number", "str", "str16", "bytes"
#define TERMS		"readable", "writable", "executable", "private", "shared",	\
			"no-file", "heap", "stack", "module", "range"

const struct console_command console_commands[] = {
	{ "=", console_pass, 1, ANY, "= VALUE", "keep what is equal to VALUE", NULL },
	{ "!=", console_pass, 1, ANY, "!= VALUE", "keep what is not", NULL },
	{ "<", console_pass, 1, ANY, "< VALUE", "keep what is less", NULL },
	{ ">", console_pass, 1, ANY, "> VALUE", "keep what is greater", NULL },
	{ "..", console_pass, 1, ANY, "LOW..HIGH", "keep what is from LOW to HIGH, both included", NULL },
	{ "?", console_pass, 1, ANY, "?", "take every value, to be compared with later", NULL },
	{ "changed", console_pass, 1, 1, "changed", "keep what is not what it was", NULL },
	{ "unchanged", console_pass, 1, 1, "unchanged", "keep what is", NULL },
	{ "increased", console_pass, 1, ANY, "increased [N], +N", "keep what is greater than it was, by N", NULL },
	{ "decreased", console_pass, 1, ANY, "decreased [N], -N", "keep what is less than it was, by N", NULL },
	{ "points", console_pass, 1, ANY, "points [TERM...]", "keep addresses of memory, in such regions: see filter", WORDS(TERMS) },
	{ "against", console_pass, 1, ANY, "against NAME CONDITION", "the same, where \"was\" is that in a snapshot", NULL },
	{ "undo", console_undo, 1, 1, "undo", "back to the matches before the last pass", NULL },
	{ "reset", console_reset, 1, 1, "reset", "forget matches and snapshots; keep settings", NULL },
	{ "list", console_list, 1, 3, "list [N|all [FIRST]]", "print N matches (20), from that number on", WORDS("all") },
	{ "count", console_count, 1, 1, "count", "print how many matches there are", NULL },
	{ "set", console_set_value, 3, ANY, "set INDEX|all [TYPE] VALUE", "write VALUE to a match, or to all", WORDS("all") },
	{ "remove", console_remove, 2, 2, "remove INDEX", "remove a match", NULL },
	{ "watch", console_watch, 2, 4, "watch INDEX [SECONDS [COUNT]]", "read a match every second, or so many; print each new value", NULL },
	{ "freeze", console_freeze, 1, ANY, "freeze [INDEX [[TYPE] VALUE]]", "write what a match is now, or VALUE, again and again; keep it in LOW..HIGH; print what is frozen", NULL },
	{ "unfreeze", console_unfreeze, 2, 2, "unfreeze N|all", "let go of what is frozen under that number", WORDS("all") },
	{ "interval", console_interval, 2, 2, "interval MS", "how often what is frozen from now on is written (100)", NULL },
	{ "type", console_type, 2, 2, "type TYPE", "what is searched for: i8 ... u64 f32 f64 ptr int number str str16 bytes", WORDS(TYPES) },
	{ "align", console_align, 2, 2, "align N|auto", "only addresses that are multiples of N", WORDS("auto") },
	{ "endian", console_endian, 2, 2, "endian big|little", "the order of bytes", WORDS("big", "little") },
	{ "fold", console_fold, 2, 2, "fold on|off", "upper and lower case are the same", WORDS("on", "off") },
	{ "rounding", console_rounding, 2, 2, "rounding exact|rounded|truncated", "which floating-point numbers are equal to a VALUE", WORDS("exact", "rounded", "truncated") },
	{ "tolerance", console_tolerance, 2, 2, "tolerance N", "up to which difference they are equal", NULL },
	{ "filter", console_filter, 2, ANY, "filter none|TERM...", "regions of the first pass: readable writable executable private shared no-file heap stack \"module NAME\" \"range START..END\"", WORDS("none", TERMS) },
	{ "snapshot", console_snapshot, 1, 2, "snapshot [NAME]", "keep matches and values under a name; print the names", NULL },
	{ "forget", console_forget, 2, 2, "forget NAME", "drop a snapshot", NULL },
	{ "save", console_save, 2, 2, "save FILE", "write the matches to a file", NULL },
	{ "load", console_load, 2, 2, "load FILE", "begin with the matches of a file", NULL },
	{ "scan", console_scan_switch, 1, 2, "scan [N]", "go to another scan; print them all", NULL },
	{ "new", console_new, 1, 1, "new", "begin another scan, beside those there are", NULL },
	{ "info", console_info, 1, 1, "info", "print the settings, and what there is", NULL },
	{ "help", console_help, 1, 2, "help [COMMAND]", "print this, or the line of a command", NULL },
	{ "quit", console_quit, 1, 1, "quit", "end", NULL },
	{ 0 },
};

static void print_help(const struct console_command *command)
{
	printf("%-33s %s\n", command->usage, command->help);
}

static json_t *help_json(const struct console_command *command)
{
	return json_pack("{s:s,s:s}", "usage", command->usage, "help", command->help);
}

int console_help(struct console *console)
{
	const char *name = console->line->count > 1 ? console_word(console, 1) : NULL;
	json_t *list = json_array();
	bool found = false;

	for (const struct console_command *command = console_commands; command->name; command++) {
		if (name && strcmp(name, command->name) != 0)
			continue;
		found = true;
		if (console->json)
			json_array_append_new(list, help_json(command));
		else
			print_help(command);
	}
	if (!found) {
		json_decref(list);
		return console_complain(console, 1, "'%.40s' is not a command", name);
	}
	console_set(console, "commands", list);
	return STATUS_DONE;
}

int console_quit(struct console *console)
{
	console->quit = true;
	return STATUS_DONE;
}
