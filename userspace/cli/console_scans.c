// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several scans, their snapshots, and what there is to know of them.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"
#include "json.h"

static void show_scans(struct console *console)
{
	json_t *list = json_array();

	for (size_t i = 0; i < console->scan_count; i++) {
		const struct console_scan *scan = &console->scans[i];
		uint64_t count = memrw_scan_count(scan->scan);
		const char *type = match_types_name(memrw_scan_types(scan->scan));

		json_array_append_new(list, json_pack("{s:i,s:s,s:I}", "scan", (int)scan->number,
						      "type", type, "matches", (json_int_t)count));
		if (!console->json)
			printf("%s%u\t%s\t%" PRIu64 "\n", i == console->current ? "*" : " ",
			       scan->number, type, count);
	}
	console_set(console, "scans", list);
}

static int show_current(struct console *console)
{
	console_set(console, "scan", json_integer(console_scan(console)->number));
	return console_show_count(console);
}

int console_scan_switch(struct console *console)
{
	uint64_t number;
	int status;

	if (console->line->count == 1) {
		show_scans(console);
		return STATUS_DONE;
	}
	status = console_number(console, 1, &number);
	if (status)
		return status;
	for (size_t i = 0; i < console->scan_count; i++) {
		if (console->scans[i].number != number)
			continue;
		console->current = i;
		return show_current(console);
	}
	return console_complain(console, 1, "there is no scan %" PRIu64, number);
}

int console_new(struct console *console)
{
	if (console_add_scan(console) < 0)
		return console_fail(console, "%s", strerror(errno));
	return show_current(console);
}

/*
 * Snapshots
 */

static json_t *snapshot_names(const struct console *console)
{
	json_t *names = json_array();
	const char *name;

	for (size_t i = 0; (name = memrw_scan_snapshot_name(console_scan(console)->scan, i)); i++)
		json_array_append_new(names, json_text(name, strlen(name)));
	return names;
}

int console_snapshot(struct console *console)
{
	struct memrw_scan *scan = console_scan(console)->scan;
	const char *name;

	if (console->line->count > 1 &&
	    memrw_scan_snapshot_save(scan, console_word(console, 1)) < 0) {
		if (errno == EINVAL)
			return console_complain(console, 1, "the name is empty");
		return console_fail(console, "%s", errno == ENOENT ?
				    "there is nothing yet to keep" : strerror(errno));
	}
	console_set(console, "snapshots", snapshot_names(console));
	for (size_t i = 0; !console->json && console->line->count == 1 &&
	     (name = memrw_scan_snapshot_name(scan, i)); i++)
		puts(name);
	return STATUS_DONE;
}

int console_forget(struct console *console)
{
	if (memrw_scan_snapshot_drop(console_scan(console)->scan, console_word(console, 1)) < 0)
		return console_complain(console, 1, "there is no snapshot '%.40s'",
					console_word(console, 1));
	console_set(console, "snapshots", snapshot_names(console));
	return STATUS_DONE;
}

/*
 * All there is to know
 */

static json_t *info(const struct console *console)
{
	const struct console_scan *scan = console_scan(console);

	return json_pack("{s:s,s:i,s:s,s:b,s:s,s:f,s:s,s:I,s:I,s:i}",
			 "type", match_types_name(memrw_scan_types(scan->scan)),
			 "align", (int)memrw_scan_alignment(scan->scan),
			 "endian", memrw_scan_big_endian(scan->scan) ? "big" : "little",
			 "fold", scan->fold,
			 "rounding", scan->rounding,
			 "tolerance", scan->tolerance,
			 "filter", scan->filter ? scan->filter : "none",
			 "matches", (json_int_t)memrw_scan_count(scan->scan),
			 "memory", (json_int_t)memrw_scan_memory(scan->scan),
			 "undo", (int)memrw_scan_undo_steps(scan->scan));
}

static void print_member(const char *name, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	if (json_is_string(value))
		printf("%-10s %s\n", name, json_string_value(value));
	else if (text)
		printf("%-10s %s\n", name, text);
	free(text);
}

int console_info(struct console *console)
{
	json_t *members = json_target(console->target), *settings = info(console), *value;
	const char *name;

	json_object_update(members, settings);
	json_decref(settings);
	json_object_set_new(members, "snapshots", snapshot_names(console));
	json_object_foreach(members, name, value) {
		if (!console->json)
			print_member(name, value);
		console_set(console, name, json_incref(value));
	}
	json_decref(members);
	return STATUS_DONE;
}
