/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Matches of a scan, and their values, as text and as JSON.
 */
#ifndef CLI_MATCH_H
#define CLI_MATCH_H

#include <jansson.h>

#include "memrw.h"
#include "places.h"

/** match_types_name() - a name for types that are searched for, "i32" say */
const char *match_types_name(unsigned int types);

/**
 * match_type() - of several types, the one that is shown and written
 *
 * The longest; of several as long, whole numbers with a sign before those
 * without, and these before floating-point numbers.
 *
 * Return: one bit of @types.
 */
unsigned int match_type(unsigned int types);

/** match_type_size() - bytes of a number of this type, one bit; 0 of text */
size_t match_type_size(unsigned int type);

/** match_value_type() - the type of a number, one bit */
enum memrw_type match_value_type(unsigned int type);

/** struct match_view - how matches are shown */
struct match_view {
	const struct places *places;
	bool big_endian;
};

/** match_print_place() - the address, a tab, and MODULE+OFFSET or nothing */
void match_print_place(const struct match_view *view, uint64_t address);

/** match_print_value() - a value, or "?" for @value NULL */
void match_print_value(const struct match_view *view, unsigned int types,
		       const void *value, size_t length);

/** match_json_value() - likewise; null for @value NULL */
json_t *match_json_value(const struct match_view *view, unsigned int types,
			 const void *value, size_t length);

/** match_json() - address, module, offset, type and value of a match */
json_t *match_json(const struct match_view *view, const struct memrw_scan_match *match);

/**
 * match_encode() - the bytes of a value for a match
 * @view: the byte order
 * @type: one bit: the type
 * @text: the value
 * @bytes: out
 * @size: of @bytes
 *
 * Return: bytes, or -1 with errno: EINVAL, ERANGE, ENOBUFS.
 */
ssize_t match_encode(const struct match_view *view, unsigned int type,
		     const char *text, void *bytes, size_t size);

#endif /* CLI_MATCH_H */
