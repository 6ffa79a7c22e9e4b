// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "match.h"
#include "value_text.h"

#define VALUE_MAX	8

/*
 * Types
 */

const char *match_types_name(unsigned int types)
{
	static const char *const names[] = {
		"i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64",
		"ptr", "str", "str16", "bytes", "int", "number",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		unsigned int named;

		if (memrw_scan_types_parse(names[i], &named) == 0 && named == types)
			return names[i];
	}
	return "several";
}

unsigned int match_type(unsigned int types)
{
	static const enum memrw_type order[] = {
		MEMRW_TYPE_PTR, MEMRW_TYPE_I64, MEMRW_TYPE_U64, MEMRW_TYPE_F64,
		MEMRW_TYPE_I32, MEMRW_TYPE_U32, MEMRW_TYPE_F32, MEMRW_TYPE_I16,
		MEMRW_TYPE_U16, MEMRW_TYPE_I8,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (types & MEMRW_SCAN_TYPE(order[i]))
			return MEMRW_SCAN_TYPE(order[i]);
	}
	return types;
}

static bool is_number(unsigned int type)
{
	return !(type & (MEMRW_SCAN_STR | MEMRW_SCAN_STR16 | MEMRW_SCAN_BYTES));
}

enum memrw_type match_value_type(unsigned int type)
{
	return __builtin_ctz(type);
}

size_t match_type_size(unsigned int type)
{
	return is_number(type) ? memrw_type_size(match_value_type(type)) : 0;
}

/* A number in the other byte order, or as it is. */
static void copy_number(const struct match_view *view, unsigned int type, void *to,
			const void *from)
{
	const bool host_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	size_t size = match_type_size(type);
	const char *bytes = from;

	for (size_t i = 0; i < size; i++)
		((char *)to)[i] = bytes[view->big_endian == host_big ? i : size - 1 - i];
}

/*
 * UTF-16
 */

static const char *utf16(const struct match_view *view)
{
	return view->big_endian ? "UTF-16BE" : "UTF-16LE";
}

/* Return: bytes, or -1 with errno: EINVAL, ENOBUFS. */
static ssize_t convert(const char *to, const char *from, const void *text,
		       size_t length, void *bytes, size_t size)
{
	char *in = (char *)text, *out = bytes;
	iconv_t conversion = iconv_open(to, from);
	size_t left = size, result;

	if (conversion == (iconv_t)-1)
		return -1;
	result = iconv(conversion, &in, &length, &out, &left);
	if (result == (size_t)-1)
		errno = errno == E2BIG ? ENOBUFS : EINVAL;
	iconv_close(conversion);
	return result == (size_t)-1 ? -1 : (ssize_t)(size - left);
}

/* As UTF-8, to be freed; NULL if it is no UTF-16. */
static char *text_of_utf16(const struct match_view *view, const void *value,
			   size_t length, size_t *text_length)
{
	char *text = malloc(2 * length + 1);
	ssize_t done = text ? convert("UTF-8", utf16(view), value, length, text, 2 * length) : -1;

	if (done < 0) {
		free(text);
		return NULL;
	}
	*text_length = done;
	return text;
}

/*
 * Text
 */

void match_print_place(const struct match_view *view, uint64_t address)
{
	uint64_t offset;
	const char *name = view->places ? places_find(view->places, address, &offset) : NULL;

	printf("0x%" PRIx64 "\t", address);
	if (!name)
		return;
	string_print(name, strlen(name));
	printf("+0x%" PRIx64, offset);
}

static void print_bytes(const void *value, size_t length)
{
	const unsigned char *bytes = value;

	for (size_t i = 0; i < length; i++)
		printf("%s%02x", i ? " " : "", bytes[i]);
}

static void print_utf16(const struct match_view *view, const void *value, size_t length)
{
	size_t text_length;
	char *text = text_of_utf16(view, value, length, &text_length);

	if (text)
		string_print(text, text_length);
	else
		print_bytes(value, length);
	free(text);
}

void match_print_value(const struct match_view *view, unsigned int types,
		       const void *value, size_t length)
{
	unsigned int type = match_type(types);
	char number[VALUE_MAX];

	if (!value) {
		putchar('?');
	} else if (type == MEMRW_SCAN_STR) {
		string_print(value, length);
	} else if (type == MEMRW_SCAN_STR16) {
		print_utf16(view, value, length);
	} else if (type == MEMRW_SCAN_BYTES) {
		print_bytes(value, length);
	} else {
		copy_number(view, type, number, value);
		value_print(match_value_type(type), number);
	}
}

/*
 * JSON
 */

static json_t *json_utf16(const struct match_view *view, const void *value, size_t length)
{
	size_t text_length;
	char *text = text_of_utf16(view, value, length, &text_length);
	json_t *string = text ? json_text(text, text_length) : json_null();

	free(text);
	return string;
}

json_t *match_json_value(const struct match_view *view, unsigned int types,
			 const void *value, size_t length)
{
	unsigned int type = match_type(types);
	char number[VALUE_MAX];

	if (!value)
		return json_null();
	if (type == MEMRW_SCAN_STR)
		return json_text(value, length);
	if (type == MEMRW_SCAN_STR16)
		return json_utf16(view, value, length);
	if (type == MEMRW_SCAN_BYTES)
		return json_hex(value, length);
	copy_number(view, type, number, value);
	return json_value(match_value_type(type), number);
}

json_t *match_json(const struct match_view *view, const struct memrw_scan_match *match)
{
	uint64_t offset = 0;
	const char *name = view->places ?
		places_find(view->places, match->address, &offset) : NULL;

	return json_pack("{s:o,s:o*,s:o*,s:s,s:o}",
			 "address", json_address(match->address),
			 "module", name ? json_text(name, strlen(name)) : NULL,
			 "offset", name ? json_address(offset) : NULL,
			 "type", match_types_name(match_type(match->types)),
			 "value", match_json_value(view, match->types, match->current,
						   match->length));
}

/*
 * And back
 */

ssize_t match_encode(const struct match_view *view, unsigned int type,
		     const char *text, void *bytes, size_t size)
{
	char number[VALUE_MAX];
	ssize_t length;

	if (type == MEMRW_SCAN_STR16)
		return convert(utf16(view), "UTF-8", text, strlen(text), bytes, size);
	if (type == MEMRW_SCAN_BYTES)
		return memrw_hex_parse(text, bytes, size);
	if (!is_number(type))
		return memrw_value_parse(MEMRW_TYPE_STR, text, bytes, size);
	length = memrw_value_parse(match_value_type(type), text, number, sizeof(number));
	if (length > 0 && (size_t)length <= size)
		copy_number(view, type, bytes, number);
	return length;
}
