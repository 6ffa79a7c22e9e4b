// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump_index.h"
#include "json.h"
#include "region_text.h"
#include "report.h"

char *dump_index_path(const char *path)
{
	char *index;

	if (asprintf(&index, "%s.json", path) >= 0)
		return index;
	report(path, "%s", strerror(ENOMEM));
	return NULL;
}

/*
 * Writing
 */

static json_t *gaps_json(const struct part *part)
{
	json_t *gaps = json_array();

	for (size_t i = 0; i < part->gap_count; i++)
		json_array_append_new(gaps, json_pack("{s:o,s:o}",
						      "start", json_address(part->gaps[i].start),
						      "end", json_address(part->gaps[i].end)));
	return gaps;
}

static json_t *part_json(const struct part *part)
{
	const struct memrw_region region = { .properties = part->properties };
	char permissions[REGION_PERMISSIONS];

	region_permissions(&region, permissions);
	return json_pack("{s:o,s:o,s:s,s:o,s:o,s:I,s:o}",
			 "start", json_address(part->start),
			 "end", json_address(part->end),
			 "permissions", permissions,
			 "offset", json_address(part->mapped_offset),
			 "name", json_text(part->name, strlen(part->name)),
			 "dump_offset", (json_int_t)part->at,
			 "unreadable", gaps_json(part));
}

json_t *dump_index_json(const struct memrw_target *target, const struct parts *parts,
			bool stopped, uint64_t size)
{
	json_t *root = json_target(target), *regions = json_array();
	int status = 0;

	for (size_t i = 0; i < parts->count && !status; i++)
		status = json_array_append_new(regions, part_json(&parts->items[i]));
	if (status < 0 ||
	    json_object_set_new(root, "stopped", json_boolean(stopped)) < 0 ||
	    json_object_set_new(root, "size", json_integer(size)) < 0 ||
	    json_object_set(root, "regions", regions) < 0) {
		json_decref(root);
		root = NULL;
	}
	json_decref(regions);
	return root;
}

/*
 * Parsing: anything may be in a file
 */

static bool get_address(const json_t *object, const char *key, uint64_t *address)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && memrw_value_parse(MEMRW_TYPE_U64, text, address,
					 sizeof(*address)) > 0;
}

static bool get_properties(const json_t *object, uint32_t *properties)
{
	const char *text = json_string_value(json_object_get(object, "permissions"));

	if (!text || strlen(text) != REGION_PERMISSIONS - 1)
		return false;
	*properties = (text[0] == 'r' ? MEMRW_REGION_READ : 0) |
		      (text[1] == 'w' ? MEMRW_REGION_WRITE : 0) |
		      (text[2] == 'x' ? MEMRW_REGION_EXEC : 0) |
		      (text[3] == 's' ? MEMRW_REGION_SHARED : 0);
	return true;
}

/* A name that is no text serves for reports alone. */
static const char *get_name(const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "name"));

	return name ? name : "";
}

/* Return: NULL, or what is wrong. */
static const char *parse_gaps(const json_t *object, struct part *part)
{
	const json_t *gaps = json_object_get(object, "unreadable");
	uint64_t last = part->start;
	struct gap gap;

	for (size_t i = 0; i < json_array_size(gaps); i++) {
		const json_t *item = json_array_get(gaps, i);

		if (!get_address(item, "start", &gap.start) ||
		    !get_address(item, "end", &gap.end) ||
		    gap.start < last || gap.start >= gap.end || gap.end > part->end)
			return "an unreadable piece is not inside its region";
		if (part_add_gap(part, gap.start, gap.end) < 0)
			return strerror(ENOMEM);
		last = gap.end;
	}
	return NULL;
}

static const char *parse_part(const json_t *object, uint64_t size, uint64_t last,
			      struct parts *parts)
{
	const json_t *place = json_object_get(object, "dump_offset");
	struct memrw_region region = { .name = get_name(object) };
	json_int_t at = json_integer_value(place);
	struct part *part;

	if (!get_address(object, "start", &region.start) ||
	    !get_address(object, "end", &region.end) ||
	    !get_properties(object, &region.properties) || !json_is_integer(place))
		return "a region lacks its start, end, permissions or dump_offset";
	if (region.start < last || region.start >= region.end)
		return "the regions are not in rising order";
	if (at < 0 || (uint64_t)at > size || region.end - region.start > size - at)
		return "a region is not inside the file";
	part = parts_add(parts, &region, region.start, region.end);
	if (!part)
		return strerror(ENOMEM);
	part->at = at;
	return parse_gaps(object, part);
}

const char *dump_index_parse(const json_t *root, uint64_t size, struct parts *parts)
{
	const json_t *regions = json_object_get(root, "regions");
	const char *wrong = NULL;
	uint64_t last = 0;

	if (!json_is_array(regions))
		return "it has no regions";
	for (size_t i = 0; i < json_array_size(regions) && !wrong; i++) {
		wrong = parse_part(json_array_get(regions, i), size, last, parts);
		if (!wrong)
			last = parts->items[parts->count - 1].end;
	}
	return wrong;
}
