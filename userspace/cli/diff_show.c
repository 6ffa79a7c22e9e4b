// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "diff_show.h"
#include "json.h"
#include "output.h"
#include "value_text.h"

/* Of a longer range only the first bytes are shown in text. */
#define BYTES_SHOWN	16

void diff_show_begin(struct diff_show *show)
{
	if (!show->json)
		return;
	show->differences = json_array();
	show->only = json_array();
	show->regions = json_array();
}

/*
 * One difference
 */

static void print_region(const struct part *part)
{
	if (part->name[0] != '\0') {
		putchar('\t');
		string_print(part->name, strlen(part->name));
	}
	putchar('\n');
}

static void print_hex(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && i < BYTES_SHOWN; i++)
		printf("%02x", (unsigned char)bytes[i]);
	if (length > BYTES_SHOWN)
		fputs("...", stdout);
}

static void print_bytes(const struct difference *difference)
{
	printf("0x%" PRIx64 "\t", difference->address);
	print_hex(difference->before, difference->length);
	fputs(" -> ", stdout);
	print_hex(difference->after, difference->length);
	if (difference->length > BYTES_SHOWN)
		printf(" (%zu bytes)", difference->length);
	print_region(difference->part);
}

static void print_value(enum memrw_type type, const struct difference *difference)
{
	printf("0x%" PRIx64 "\t", difference->address);
	value_print(type, difference->before);
	fputs(" -> ", stdout);
	value_print(type, difference->after);
	print_region(difference->part);
}

static json_t *difference_json(const struct diff_show *show,
			       const struct difference *difference, bool value)
{
	size_t length = difference->length;

	return json_pack("{s:o,s:I,s:o,s:o,s:o}",
			 "address", json_address(difference->address),
			 "length", (json_int_t)length,
			 "before", value ? json_value(show->type, difference->before) :
					   json_hex(difference->before, length),
			 "after", value ? json_value(show->type, difference->after) :
					  json_hex(difference->after, length),
			 "name", json_text(difference->part->name,
					   strlen(difference->part->name)));
}

static void show_one(struct diff_show *show, const struct difference *difference,
		     bool value)
{
	if (show->json)
		json_array_append_new(show->differences,
				      difference_json(show, difference, value));
	else if (value)
		print_value(show->type, difference);
	else
		print_bytes(difference);
}

/* Bytes at the edges that are no whole value stay bytes. */
static void show_values(struct diff_show *show, const struct difference *difference)
{
	size_t size = memrw_type_size(show->type), step;

	for (size_t done = 0; done < difference->length; done += step) {
		struct difference one = {
			.address = difference->address + done,
			.before = difference->before + done,
			.after = difference->after + done,
			.part = difference->part,
		};
		bool whole = one.address % size == 0 && difference->length - done >= size;

		step = one.length = whole ? size : 1;
		show_one(show, &one, whole);
	}
}

/*
 * Tallies
 */

static json_t *tally_json(const struct part *part, const struct tally *tally)
{
	return json_pack("{s:o,s:o,s:o,s:I,s:I}",
			 "start", json_address(part->start),
			 "end", json_address(part->end),
			 "name", json_text(part->name, strlen(part->name)),
			 "ranges", (json_int_t)tally->ranges,
			 "bytes", (json_int_t)tally->bytes);
}

static void print_tally(const struct part *part, const struct tally *tally)
{
	printf("0x%" PRIx64 "-0x%" PRIx64 "\t%" PRIu64 " bytes in %" PRIu64 " ranges",
	       part->start, part->end, tally->bytes, tally->ranges);
	print_region(part);
}

static void finish_region(struct diff_show *show)
{
	if (show->summary && show->part && show->tally.ranges > 0) {
		if (show->json)
			json_array_append_new(show->regions,
					      tally_json(show->part, &show->tally));
		else
			print_tally(show->part, &show->tally);
	}
	show->tally = (struct tally){ 0 };
}

static void count(struct diff_show *show, const struct difference *difference)
{
	if (difference->part != show->part)
		finish_region(show);
	show->part = difference->part;
	show->tally.ranges++;
	show->tally.bytes += difference->length;
	show->total.ranges++;
	show->total.bytes += difference->length;
}

/*
 * As a comparison calls them
 */

int diff_show_difference(void *data, const struct difference *difference)
{
	struct diff_show *show = data;

	count(show, difference);
	if (show->summary)
		return STATUS_DONE;
	if (show->typed)
		show_values(show, difference);
	else
		show_one(show, difference, false);
	return !show->json && output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

int diff_show_only(void *data, const struct part *part, uint64_t start, uint64_t end,
		   bool before)
{
	struct diff_show *show = data;

	show->unmatched++;
	if (show->json) {
		json_array_append_new(show->only, json_pack(
			"{s:o,s:o,s:s,s:o}", "start", json_address(start),
			"end", json_address(end), "in", before ? "before" : "after",
			"name", json_text(part->name, strlen(part->name))));
		return STATUS_DONE;
	}
	printf("0x%" PRIx64 "-0x%" PRIx64 "\tonly in %s", start, end,
	       show->names[before ? 0 : 1]);
	print_region(part);
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

int diff_show_unreadable(void *data, const struct part *before, uint64_t start,
			 uint64_t end)
{
	struct diff_show *show = data;

	(void)before;
	show->unreadable += end - start;
	return STATUS_DONE;
}

/*
 * The end
 */

static int show_json(struct diff_show *show)
{
	json_t *root = json_pack("{s:s,s:s,s:I,s:I,s:I,s:O}",
				 "before", show->names[0], "after", show->names[1],
				 "ranges", (json_int_t)show->total.ranges,
				 "bytes", (json_int_t)show->total.bytes,
				 "unreadable", (json_int_t)show->unreadable,
				 "only", show->only);

	if (root && show->typed)
		json_object_set_new(root, "type", json_string(memrw_type_name(show->type)));
	if (root && json_object_set(root, show->summary ? "regions" : "differences",
				    show->summary ? show->regions : show->differences) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

int diff_show_end(struct diff_show *show)
{
	finish_region(show);
	if (show->json)
		return show_json(show);
	if (show->summary)
		printf("total\t%" PRIu64 " bytes in %" PRIu64 " ranges\n",
		       show->total.bytes, show->total.ranges);
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}

bool diff_show_differs(const struct diff_show *show)
{
	return show->total.ranges > 0 || show->unmatched > 0;
}

void diff_show_clear(struct diff_show *show)
{
	json_decref(show->differences);
	json_decref(show->only);
	json_decref(show->regions);
}
