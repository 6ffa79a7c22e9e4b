// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at matches.
 */

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "command.h"
#include "console_commands.h"
#include "console_value.h"
#include "output.h"
#include "progress.h"
#include "watched.h"

#define LIST_DEFAULT	20

/* struct list - matches that are being listed */
struct list {
	struct console *console;
	struct match_view view;
	uint64_t position;
	json_t *matches;
};

static void show_match(struct list *list, const struct memrw_scan_match *match)
{
	const struct console_scan *scan = console_scan(list->console);
	uint64_t number = numbering_number(&scan->numbering, list->position++);

	if (list->console->json) {
		json_t *object = match_json(&list->view, match);

		json_object_set_new(object, "index", json_integer(number));
		json_array_append_new(list->matches, object);
		return;
	}
	printf("%" PRIu64 "\t", number);
	match_print_place(&list->view, match->address);
	printf("\t%s\t", match_types_name(match_type(match->types)));
	match_print_value(&list->view, match->types, match->current, match->length);
	putchar('\n');
}

/* Return: 0, or -1 with errno. */
static int show_matches(struct list *list, uint64_t limit)
{
	struct memrw_scan *scan = console_scan(list->console)->scan;
	struct memrw_scan_iter *iter = memrw_scan_iter_open(scan, list->position, MEMRW_SCAN_READ);
	struct memrw_scan_match match;
	int more = iter ? 1 : -1;

	while (more > 0 && limit-- > 0 && !progress_interrupted() &&
	       (more = memrw_scan_iter_next(iter, &match)) > 0)
		show_match(list, &match);
	memrw_scan_iter_close(iter);
	return more < 0 ? -1 : 0;
}

static int list_from(struct console *console, uint64_t limit, uint64_t first)
{
	struct places *places = places_open(console->target);
	struct list list = {
		.console = console,
		.view = { places, memrw_scan_big_endian(console_scan(console)->scan) },
		.position = first,
		.matches = json_array(),
	};
	int result = -1, error;

	if (places)
		result = show_matches(&list, limit);
	error = errno;
	places_close(places);
	console_set(console, "list", list.matches);
	if (result == 0)
		return STATUS_DONE;
	return console_fail(console, "%s", console_reason(error));
}

static void note_rest(struct console *console, uint64_t limit, uint64_t first)
{
	uint64_t count = memrw_scan_count(console_scan(console)->scan);

	console_set(console, "matches", json_integer(count));
	if (!console->json && count > first && count - first > limit)
		printf("... and %" PRIu64 " more\n", count - first - limit);
}

/* A number that is still there, or the next one that is. */
static uint64_t position_from(const struct numbering *numbering, uint64_t number)
{
	int64_t position;

	while ((position = numbering_position(numbering, number)) < 0)
		number++;
	return position;
}

int console_list(struct console *console)
{
	uint64_t limit = LIST_DEFAULT, first = 0;
	int status = STATUS_DONE;

	if (strcmp(console_word(console, 1), "all") == 0)
		limit = UINT64_MAX;
	else if (console->line->count > 1)
		status = console_number(console, 1, &limit);
	if (!status && console->line->count > 2)
		status = console_number(console, 2, &first);
	if (status)
		return status;
	first = first > INT64_MAX ? UINT64_MAX :
		position_from(&console_scan(console)->numbering, first);
	status = list_from(console, limit, first);
	if (!status)
		note_rest(console, limit, first);
	return status;
}

int console_count(struct console *console)
{
	return console_show_count(console);
}

/*
 * Watching one
 */

/* struct watch - a match that is looked at again and again */
struct watch {
	struct console *console;
	struct match_view view;
	unsigned int types;
	struct watched watched;
	json_t *values;
};

static double clock_seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void show_watched(struct watch *watch)
{
	const struct watched *watched = &watch->watched;
	const void *value = watched->readable ? watched->value : NULL;

	if (watch->console->json) {
		json_array_append_new(watch->values, json_pack("{s:f,s:o}", "time", clock_seconds(),
			"value", match_json_value(&watch->view, watch->types, value,
						  watched->length)));
		return;
	}
	printf("%.3f\t0x%" PRIx64 "\t", clock_seconds(), watched->address);
	match_print_value(&watch->view, watch->types, value, watched->length);
	putchar('\n');
}

/* Return: 0, or -1 with errno when the target is no more or nobody listens. */
static int look(struct watch *watch)
{
	int changed = watched_look(&watch->watched, clock_now());

	if (changed <= 0)
		return changed;
	show_watched(watch);
	return output_flush();
}

static int watch_for(struct watch *watch, double interval, uint64_t count)
{
	struct timespec pause = {
		.tv_sec = (time_t)interval,
		.tv_nsec = (long)((interval - floor(interval)) * 1e9),
	};

	for (uint64_t i = 0; i < count && !progress_interrupted(); i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		if (look(watch) < 0)
			return console_fail(watch->console, "%s", console_reason(errno));
	}
	return STATUS_DONE;
}

static int watch_match(struct console *console, const struct memrw_scan_match *match,
		       double interval, uint64_t count)
{
	struct watch watch = {
		.console = console,
		.view = { NULL, memrw_scan_big_endian(console_scan(console)->scan) },
		.types = match->types,
		.watched.target = console->target,
		.watched.address = match->address,
		.watched.length = match->length,
		.values = json_array(),
	};
	int status;

	if (watched_open(&watch.watched) == 0)
		status = watch_for(&watch, interval, count);
	else
		status = console_fail(console, "%s", strerror(ENOMEM));
	console_set(console, "values", watch.values);
	watched_close(&watch.watched);
	return status;
}

int console_watch(struct console *console)
{
	struct memrw_scan_iter *iter;
	struct memrw_scan_match match;
	uint64_t count = UINT64_MAX;
	double interval = 1;
	int status = STATUS_DONE;

	if (console->line->count > 2 &&
	    (memrw_value_parse(MEMRW_TYPE_F64, console_word(console, 2), &interval,
			       sizeof(interval)) < 0 || !(interval > 0 && interval <= 86400)))
		return console_complain(console, 2, "'%.40s' is not seconds above 0, up to a day",
					console_word(console, 2));
	if (console->line->count > 3)
		status = console_number(console, 3, &count);
	if (!status)
		status = console_match(console, 0, &iter, &match);
	if (status)
		return status;
	status = watch_match(console, &match, interval, count);
	memrw_scan_iter_close(iter);
	return status;
}
