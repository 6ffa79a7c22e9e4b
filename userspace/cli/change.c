// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "change.h"
#include "command.h"
#include "hexdump.h"
#include "json.h"
#include "output.h"
#include "report.h"
#include "value_text.h"
#include "word.h"

/*
 * Making it
 */

static bool allocate_before(struct change *change)
{
	change->before = malloc(change->length);
	if (!change->before)
		change->range.error = ENOMEM;
	return change->before;
}

static bool read_before(struct change *change)
{
	struct transfer transfer = change->range;

	if (!allocate_before(change))
		return false;
	transfer.remaining = change->length;
	transfer_read(&transfer, change->before, change->length);
	if (transfer.error)
		change->range = transfer;
	return !transfer.error;
}

static bool write_after(struct change *change)
{
	change->writing = true;
	change->range.remaining = change->length;
	change->written = transfer_write(&change->range, change->after, change->length);
	return !change->range.error;
}

static bool compare_and_exchange(struct change *change)
{
	struct transfer *range = &change->range;
	struct memrw_target_word word = {
		.address = range->address,
		.width = change->length,
		.operand = word_from_bytes(change->after, change->length),
		.expected = word_from_bytes(change->expected, change->length),
	};

	if (!allocate_before(change))
		return false;
	change->writing = true;
	if (memrw_target_atomic(range->target, MEMRW_OP_COMPARE_EXCHANGE, &word,
				range->flags) < 0) {
		range->error = errno;
		return false;
	}
	word_to_bytes(word.old, change->before, change->length);
	change->unexpected = word.old != word.expected;
	if (change->unexpected)
		return false;
	change->written = change->length;
	range->address += change->length;
	return true;
}

int change_make(struct change *change)
{
	if (change->expected)
		return compare_and_exchange(change) ? STATUS_DONE : STATUS_FAILED;
	return read_before(change) && write_after(change) ? STATUS_DONE : STATUS_FAILED;
}

/*
 * Showing it
 */

static uint64_t start_of(const struct change *change)
{
	return change->range.address - change->written;
}

static void show_values(const struct change *change)
{
	size_t size = memrw_type_size(change->type);

	for (size_t done = 0; change->written - done >= size; done += size) {
		printf("0x%jx\t", (uintmax_t)(start_of(change) + done));
		value_print(change->type, change->before + done);
		fputs(" -> ", stdout);
		value_print(change->type, change->after + done);
		putchar('\n');
	}
}

static void show_string(const struct change *change)
{
	printf("0x%jx\t", (uintmax_t)start_of(change));
	string_print(change->before, change->written);
	fputs(" -> ", stdout);
	string_print(change->after, change->written);
	putchar('\n');
}

static void show_bytes(const struct change *change)
{
	struct hexdump dump;

	puts("before:");
	hexdump_begin(&dump, start_of(change), change->written);
	hexdump_add(&dump, change->before, change->written);
	hexdump_end(&dump);
}

static json_t *values_json(const struct change *change, const char *bytes)
{
	size_t size = memrw_type_size(change->type);
	json_t *values = json_array();

	if (size == 0) {
		json_array_append_new(values, json_text(bytes, change->written));
		return values;
	}
	for (size_t done = 0; change->written - done >= size; done += size)
		json_array_append_new(values, json_value(change->type, bytes + done));
	return values;
}

static json_t *bytes_json(const struct change *change, const char *bytes)
{
	return change->typed ? values_json(change, bytes) :
			       json_hex(bytes, change->written);
}

static int set_json(json_t *root, const struct change *change)
{
	if (change->typed &&
	    json_object_set_new(root, "type",
				json_string(memrw_type_name(change->type))) < 0)
		return -1;
	if (json_object_set_new(root, "address", json_address(start_of(change))) < 0 ||
	    json_object_set_new(root, "length", json_integer(change->length)) < 0 ||
	    json_object_set_new(root, "written", json_integer(change->written)) < 0 ||
	    json_object_set_new(root, "before", bytes_json(change, change->before)) < 0)
		return -1;
	return json_object_set_new(root, "after", bytes_json(change, change->after));
}

static int show_json(const struct change *change)
{
	json_t *root = json_target(change->range.target);

	if (set_json(root, change) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

int change_show(const struct change *change, bool json)
{
	if (json)
		return show_json(change);
	if (!change->typed)
		show_bytes(change);
	else if (change->type == MEMRW_TYPE_STR)
		show_string(change);
	else
		show_values(change);
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

void change_report(const struct change *change)
{
	const struct transfer *range = &change->range;
	char address[32], reason[512];

	if (change->unexpected)
		word_report_difference(change->type, range->address,
				       word_from_bytes(change->before, change->length),
				       word_from_bytes(change->expected, change->length));
	if (!range->error)
		return;
	snprintf(address, sizeof(address), "0x%jx", (uintmax_t)range->address);
	transfer_reason(range, change->writing, reason, sizeof(reason));
	if (change->written > 0)
		report(address, "%s; %zu of %zu bytes were written", reason,
		       change->written, change->length);
	else
		report(address, "%s; nothing was written", reason);
}
