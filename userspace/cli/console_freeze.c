// SPDX-License-Identifier: GPL-2.0-only

#include "console_freeze.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"
#include "console_value.h"
#include "freezer.h"
#include "json.h"
#include "value_order.h"
#include "value_text.h"

#define MILLISECOND	1000000LL
#define INTERVAL	100

/* A day. */
#define INTERVAL_MAX	86400000

/*
 * struct console_freeze - a match that is frozen
 * @number: its name, the freezer's number
 * @freeze: what is done to it, but for the bytes that are written
 * @type: one bit
 * @bytes: of which freeze.length count; none of a number within bounds
 */
struct console_freeze {
	int64_t number;
	struct freeze freeze;
	unsigned int type;
	bool big_endian;
	char bytes[MEMRW_SCAN_LENGTH_MAX];
};

/* struct console_freezes - those there are; @interval in milliseconds */
struct console_freezes {
	struct freezer *freezer;
	struct console_freeze *items;
	size_t count;
	uint64_t interval;
};

void console_freezes_close(struct console_freezes *freezes)
{
	if (!freezes)
		return;
	freezer_close(freezes->freezer);
	free(freezes->items);
	free(freezes);
}

/* Those there are, from the first time on; NULL after a report. */
static struct console_freezes *freezes_of(struct console *console)
{
	struct console_freezes *freezes = console->freezes;

	if (freezes)
		return freezes;
	freezes = calloc(1, sizeof(*freezes));
	if (freezes) {
		freezes->interval = INTERVAL;
		freezes->freezer = freezer_open(console->target, console->flags);
	}
	if (freezes && freezes->freezer && freezer_start(freezes->freezer) == 0) {
		console->freezes = freezes;
		return freezes;
	}
	console_fail(console, "%s", strerror(errno));
	console_freezes_close(freezes);
	return NULL;
}

/*
 * Listing them
 */

static void print_bound(const struct console_freeze *item, bool has, const char *bound)
{
	if (has)
		value_print(match_value_type(item->type), bound);
}

static void print_freeze(const struct console_freeze *item, const struct freeze_status *status)
{
	const struct match_view view = { NULL, item->big_endian };
	const struct freeze *freeze = &item->freeze;

	printf("%" PRId64 "\t0x%" PRIx64 "\t%s\t", item->number, freeze->address,
	       match_types_name(item->type));
	if (freeze->length) {
		match_print_value(&view, item->type, item->bytes, freeze->length);
	} else {
		print_bound(item, freeze->has_min, freeze->min);
		fputs("..", stdout);
		print_bound(item, freeze->has_max, freeze->max);
	}
	printf("\t%" PRIu64 " writes%s%s\n", status->writes, status->error ? ": " : "",
	       status->error ? console_reason(status->error) : "");
}

static json_t *bound_json(const struct console_freeze *item, bool has, const char *bound)
{
	return has ? json_value(match_value_type(item->type), bound) : NULL;
}

static json_t *freeze_json(const struct console_freeze *item, const struct freeze_status *status)
{
	const struct match_view view = { NULL, item->big_endian };
	const struct freeze *freeze = &item->freeze;

	return json_pack("{s:I,s:o,s:s,s:o*,s:o*,s:o*,s:I,s:s*}",
			 "number", (json_int_t)item->number,
			 "address", json_address(freeze->address),
			 "type", match_types_name(item->type),
			 "value", freeze->length ? match_json_value(&view, item->type, item->bytes,
								    freeze->length) : NULL,
			 "min", bound_json(item, freeze->has_min, freeze->min),
			 "max", bound_json(item, freeze->has_max, freeze->max),
			 "writes", (json_int_t)status->writes,
			 "error", status->error ? console_reason(status->error) : NULL);
}

static int show_freezes(struct console *console)
{
	const struct console_freezes *freezes = console->freezes;
	json_t *list = json_array();

	for (size_t i = 0; freezes && i < freezes->count; i++) {
		const struct console_freeze *item = &freezes->items[i];
		struct freeze_status status = { 0 };

		freezer_status(freezes->freezer, item->number, &status);
		if (console->json)
			json_array_append_new(list, freeze_json(item, &status));
		else
			print_freeze(item, &status);
	}
	console_set(console, "frozen", list);
	return STATUS_DONE;
}

/*
 * One more: each function returns 0, or the exit status after a report
 */

static int take_bound(const struct console *console, const struct console_value *value,
		      unsigned int type, const char *text, char *bound)
{
	if (memrw_value_parse(match_value_type(type), text, bound, sizeof(uint64_t)) > 0)
		return STATUS_DONE;
	return console_complain(console, value->word, errno == ERANGE ?
				"'%.40s' does not fit type %s" : "'%.40s' is not of type %s",
				text, match_types_name(type));
}

/* LOW..HIGH, of which one may be missing. */
static int take_bounds(const struct console *console, struct console_value *value,
		       char *dots, struct console_freeze *item)
{
	struct freeze *freeze = &item->freeze;
	int status = STATUS_DONE;

	if (item->big_endian)
		return console_complain(console, value->word,
					"bounds are for numbers in the machine's order of bytes");
	*dots = '\0';
	freeze->type = match_value_type(item->type);
	freeze->has_min = *value->text;
	freeze->has_max = dots[2];
	if (!freeze->has_min && !freeze->has_max)
		return console_complain(console, value->word, "there is neither bound");
	if (freeze->has_min)
		status = take_bound(console, value, item->type, value->text, freeze->min);
	if (!status && freeze->has_max)
		status = take_bound(console, value, item->type, dots + 2, freeze->max);
	if (!status && freeze->has_min && freeze->has_max &&
	    value_order(freeze->type, freeze->min, freeze->max) > 0)
		return console_complain(console, value->word, "the first bound is not below the second");
	return status;
}

static int take_what_is_there(const struct console *console,
			      const struct memrw_scan_match *match,
			      struct console_freeze *item)
{
	size_t size = match_type_size(item->type);

	if (!match->current)
		return console_fail(console, "%s", console_reason(EIO));
	item->freeze.length = size ? size : match->length;
	memcpy(item->bytes, match->current, item->freeze.length);
	return STATUS_DONE;
}

static int take_value(const struct console *console, struct console_value *value,
		      const struct memrw_scan_match *match, struct console_freeze *item)
{
	char *dots = strstr(value->text, "..");
	int status = STATUS_DONE;
	ssize_t length;

	item->type = console_value_type(value, match);
	item->big_endian = memrw_scan_big_endian(console_scan(console)->scan);
	item->freeze.address = match->address;
	if (value->word >= console->line->count)
		return take_what_is_there(console, match, item);
	if (dots && match_type_size(item->type))
		return take_bounds(console, value, dots, item);
	length = console_value_encode(console, value, match, item->bytes, &status);
	if (length > 0)
		item->freeze.length = length;
	return status;
}

/* Frozen twice, the later counts. */
static void let_go(struct console_freezes *freezes, size_t i)
{
	freezer_remove(freezes->freezer, freezes->items[i].number);
	memmove(&freezes->items[i], &freezes->items[i + 1],
		(--freezes->count - i) * sizeof(*freezes->items));
}

static void let_go_of_address(struct console_freezes *freezes, uint64_t address)
{
	for (size_t i = freezes->count; i-- > 0;)
		if (freezes->items[i].freeze.address == address)
			let_go(freezes, i);
}

static int add(struct console *console, const struct console_freeze *item)
{
	struct console_freezes *freezes = freezes_of(console);
	struct freeze freeze = item->freeze;
	struct console_freeze *items;
	int64_t number;

	if (!freezes)
		return STATUS_FAILED;
	items = reallocarray(freezes->items, freezes->count + 1, sizeof(*items));
	if (!items)
		return console_fail(console, "%s", strerror(ENOMEM));
	freezes->items = items;
	let_go_of_address(freezes, item->freeze.address);
	freeze.interval = freezes->interval * MILLISECOND;
	freeze.bytes = freeze.length ? item->bytes : NULL;
	number = freezer_add(freezes->freezer, &freeze);
	if (number < 0)
		return console_fail(console, "%s", strerror(errno));
	items[freezes->count] = *item;
	items[freezes->count++].number = number;
	return STATUS_DONE;
}

static int freeze_match(struct console *console, struct console_value *value)
{
	struct console_freeze item = { 0 };
	struct memrw_scan_iter *iter;
	struct memrw_scan_match match;
	int status = console_match(console, MEMRW_SCAN_READ, &iter, &match);

	if (status)
		return status;
	status = take_value(console, value, &match, &item);
	memrw_scan_iter_close(iter);
	return status ? status : add(console, &item);
}

/*
 * The commands
 */

int console_freeze(struct console *console)
{
	struct console_value value;
	int status;

	if (console->line->count == 1)
		return show_freezes(console);
	status = console_value_take(console, &value);
	if (!status)
		status = freeze_match(console, &value);
	console_value_clear(&value);
	return status ? status : show_freezes(console);
}

static int unfreeze_number(struct console *console)
{
	struct console_freezes *freezes = console->freezes;
	uint64_t number = 0;
	int status = console_number(console, 1, &number);

	if (status)
		return status;
	for (size_t i = 0; freezes && i < freezes->count; i++) {
		if ((uint64_t)freezes->items[i].number != number)
			continue;
		let_go(freezes, i);
		return STATUS_DONE;
	}
	return console_complain(console, 1, "nothing is frozen under the number %" PRIu64, number);
}

int console_unfreeze(struct console *console)
{
	int status = STATUS_DONE;

	if (strcmp(console_word(console, 1), "all") != 0)
		status = unfreeze_number(console);
	else
		while (console->freezes && console->freezes->count > 0)
			let_go(console->freezes, 0);
	return status ? status : show_freezes(console);
}

int console_interval(struct console *console)
{
	struct console_freezes *freezes;
	uint64_t interval = 0;
	int status = console_number(console, 1, &interval);

	if (!status && (interval == 0 || interval > INTERVAL_MAX))
		return console_complain(console, 1, "'%.40s' is not milliseconds above 0, up to a day",
					console_word(console, 1));
	freezes = status ? NULL : freezes_of(console);
	if (!freezes)
		return status ? status : STATUS_FAILED;
	freezes->interval = interval;
	console_set(console, "interval", json_integer(interval));
	return STATUS_DONE;
}
