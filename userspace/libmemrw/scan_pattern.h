/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns: strings, and bytes of which parts may be anything. */
#ifndef MRW_SCAN_PATTERN_H
#define MRW_SCAN_PATTERN_H

#include "memrw.h"

/*
 * struct mrw_pattern - bytes to find
 * @length: of them
 * @value: the bytes
 * @mask: which of their bits count; those of @value that do not are 0
 * @exact: the bytes of a string
 * @other: the bytes of the same in its other case
 * @unit: how many bytes the character has that begins here
 * @verify: the mask lets through what is neither of a character's cases
 * @first: the place of a byte that few places in memory have
 * @second: of another one, or the same again
 */
struct mrw_pattern {
	size_t length;
	uint8_t *value;
	uint8_t *mask;
	uint8_t *exact;
	uint8_t *other;
	uint8_t *unit;
	bool verify;
	size_t first;
	size_t second;
};

/* Bytes in hexadecimal, "?" for a digit that may be any; EINVAL, EMSGSIZE. */
int mrw_pattern_parse(struct mrw_pattern *pattern, const char *text);

/* A string in UTF-8, or to be searched for in UTF-16. */
int mrw_pattern_string(struct mrw_pattern *pattern, const char *text, bool wide,
		       bool big_endian, bool fold_case);

void mrw_pattern_clear(struct mrw_pattern *pattern);

/* Are these bytes such? */
bool mrw_pattern_matches(const struct mrw_pattern *pattern, const uint8_t *bytes);

#endif
