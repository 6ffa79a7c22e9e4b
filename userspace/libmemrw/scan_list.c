// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_list.h"
#include "number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define VERSION "memrw-scan 1"

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * Types
 */

static const char *type_name(unsigned int bit)
{
	if (bit == MEMRW_SCAN_STR16)
		return "str16";
	if (bit == MEMRW_SCAN_BYTES)
		return "bytes";
	return memrw_type_name(__builtin_ctz(bit));
}

void mrw_list_format_types(unsigned int types, char *text)
{
	size_t at = 0;

	text[0] = '\0';
	for (unsigned int bit = 1; bit <= MEMRW_SCAN_BYTES; bit <<= 1)
		if (types & bit && type_name(bit))
			at += snprintf(text + at, MRW_LIST_TYPES - at, "%s%s", at ? "," : "",
				       type_name(bit));
}

static int parse_types(const char *text, size_t length, unsigned int *types)
{
	const char *end = text + length;

	*types = 0;
	while (text < end) {
		const char *comma = memchr(text, ',', end - text);
		size_t part = (comma ? comma : end) - text;
		unsigned int one;
		char name[16];

		if (part >= sizeof(name))
			return fail(EBADMSG);
		memcpy(name, text, part);
		name[part] = '\0';
		if (memrw_scan_types_parse(name, &one) < 0)
			return fail(EBADMSG);
		*types |= one;
		text += part + (comma != NULL);
	}
	return *types ? 0 : fail(EBADMSG);
}

/*
 * Lines
 */

static int parse_small(const char *text, unsigned int most, unsigned int *number)
{
	uint64_t parsed;

	if (mrw_number_parse(text, &parsed) < 0 || parsed > most)
		return fail(EBADMSG);
	*number = parsed;
	return 0;
}

static int parse_order(const char *text, bool *big_endian)
{
	*big_endian = strcmp(text, "big") == 0;
	return *big_endian || strcmp(text, "little") == 0 ? 0 : fail(EBADMSG);
}

static int parse_setting(struct mrw_list_header *header, const char *word,
			 size_t length, const char *text)
{
	if (length == strlen("types") && !memcmp(word, "types", length))
		return parse_types(text, strlen(text), &header->types);
	if (length == strlen("byte-order") && !memcmp(word, "byte-order", length))
		return parse_order(text, &header->big_endian);
	if (length == strlen("alignment") && !memcmp(word, "alignment", length))
		return parse_small(text, 4096, &header->alignment);
	if (length == strlen("width") && !memcmp(word, "width", length))
		return parse_small(text, MEMRW_SCAN_LENGTH_MAX, &header->width);
	return fail(EBADMSG);
}

/* "TYPES ADDRESS" */
static int parse_match(struct mrw_list_parser *parser, const char *text,
		       struct mrw_list_match *match)
{
	const char *space = strchr(text, ' ');

	if (!space || !space[1] || parse_types(text, space - text, &match->types) < 0 ||
	    match->types & ~parser->header.types)
		return fail(EBADMSG);
	if (!parser->matches++ && !mrw_list_is_whole(&parser->header))
		return fail(EBADMSG);
	match->address = space + 1;
	return 1;
}

int mrw_list_parse(struct mrw_list_parser *parser, const char *line,
		   struct mrw_list_match *match)
{
	size_t length = strcspn(line, " ");

	if (!parser->lines++)
		return strcmp(line, VERSION) ? fail(EBADMSG) : 0;
	if (!line[length])
		return fail(EBADMSG);
	if (length == strlen("match") && !memcmp(line, "match", length))
		return parse_match(parser, line + length + 1, match);
	if (parser->matches)
		return fail(EBADMSG);
	return parse_setting(&parser->header, line, length, line + length + 1);
}

bool mrw_list_is_whole(const struct mrw_list_header *header)
{
	const unsigned int text = header->types & MRW_TYPES_TEXT;
	struct mrw_shape shape;

	if (!header->width || header->alignment & (header->alignment - 1))
		return false;
	mrw_shape_init(&shape, header->types, header->alignment, header->big_endian);
	return text || shape.width == header->width;
}
