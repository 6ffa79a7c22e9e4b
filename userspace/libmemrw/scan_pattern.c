// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_pattern.h"
#include "utf.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

static int fail(int error)
{
	errno = error;
	return -1;
}

/* Room for the longest; the text that is still to come says not how long. */
static int reserve(struct mrw_pattern *pattern)
{
	const size_t room = MEMRW_SCAN_LENGTH_MAX;
	uint8_t *bytes = calloc(5, room);

	*pattern = (struct mrw_pattern){ 0 };
	if (!bytes)
		return -1;
	pattern->value = bytes;
	pattern->mask = bytes + room;
	pattern->exact = bytes + 2 * room;
	pattern->other = bytes + 3 * room;
	pattern->unit = bytes + 4 * room;
	return 0;
}

void mrw_pattern_clear(struct mrw_pattern *pattern)
{
	free(pattern->value);
	*pattern = (struct mrw_pattern){ 0 };
}

/*
 * Where to look first: bits that count and are seldom all the same.  Zeros
 * are the most common bytes of all, then all ones, spaces and small numbers.
 */
static int rareness(const struct mrw_pattern *pattern, size_t i)
{
	int counted = __builtin_popcount(pattern->mask[i]);

	if (counted < 8)
		return counted;
	switch (pattern->value[i]) {
	case 0x00:
		return 8;
	case 0xff:
	case ' ':
		return 9;
	default:
		return pattern->value[i] < 16 ? 10 : 11;
	}
}

/* EINVAL where no bit of the pattern counts, or there is nothing of it. */
static int choose_places(struct mrw_pattern *pattern)
{
	size_t first = 0, second = 0, i;

	for (i = 1; i < pattern->length; i++)
		if (rareness(pattern, i) > rareness(pattern, first))
			first = i;
	if (!pattern->length || !rareness(pattern, first))
		return fail(EINVAL);
	second = first ? 0 : pattern->length - 1;
	for (i = 0; i < pattern->length; i++)
		if (i != first && rareness(pattern, i) > rareness(pattern, second))
			second = i;
	pattern->first = first;
	pattern->second = second;
	return 0;
}

static int settle(struct mrw_pattern *pattern, int status)
{
	if (status == 0 && choose_places(pattern) == 0)
		return 0;
	mrw_pattern_clear(pattern);
	return -1;
}

/*
 * Bytes
 */

static int parse_digit(char c, uint8_t *value, uint8_t *mask)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;

	*value <<= 4;
	*mask <<= 4;
	if (c == '?')
		return 0;
	digit = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
	if (!digit)
		return fail(EINVAL);
	*value |= digit - digits;
	*mask |= 0xf;
	return 0;
}

/* A "?" alone is a whole byte; digits come in pairs.  Returns what it took. */
static int parse_byte(const char *text, uint8_t *value, uint8_t *mask)
{
	if (text[0] == '?' && (text[1] == '\0' || isspace((unsigned char)text[1])))
		return 1;
	if (parse_digit(text[0], value, mask) < 0 || parse_digit(text[1], value, mask) < 0)
		return -1;
	return 2;
}

static int parse_bytes(struct mrw_pattern *pattern, const char *text)
{
	int taken;

	for (;;) {
		text += strspn(text, " \t\n\v\f\r");
		if (!*text)
			return 0;
		if (pattern->length == MEMRW_SCAN_LENGTH_MAX)
			return fail(EMSGSIZE);
		taken = parse_byte(text, &pattern->value[pattern->length],
				   &pattern->mask[pattern->length]);
		if (taken < 0)
			return -1;
		text += taken;
		pattern->length++;
	}
}

int mrw_pattern_parse(struct mrw_pattern *pattern, const char *text)
{
	if (reserve(pattern) < 0)
		return -1;
	return settle(pattern, parse_bytes(pattern, text));
}

/*
 * Strings
 */

struct coding {
	bool wide;
	bool big_endian;
	locale_t locale; /* 0: case counts */
};

static size_t encode(const struct coding *coding, uint32_t character, uint8_t *bytes)
{
	if (coding->wide)
		return mrw_utf16_encode(character, coding->big_endian, bytes);
	return mrw_utf8_encode(character, bytes);
}

/* A character whose other case takes another number of bytes has none here. */
static uint32_t other_case(const struct coding *coding, uint32_t character)
{
	uint8_t bytes[2][MRW_UTF_MAX];
	uint32_t other = character;

	if (!coding->locale)
		return character;
	if (iswupper_l(character, coding->locale))
		other = towlower_l(character, coding->locale);
	else if (iswlower_l(character, coding->locale))
		other = towupper_l(character, coding->locale);
	if (encode(coding, character, bytes[0]) != encode(coding, other, bytes[1]))
		return character;
	return other;
}

static void set_masks(struct mrw_pattern *pattern, size_t start, size_t length)
{
	int differ = 0;

	pattern->unit[start] = length;
	for (size_t i = start; i < start + length; i++) {
		uint8_t difference = pattern->exact[i] ^ pattern->other[i];

		pattern->mask[i] = ~difference;
		pattern->value[i] = pattern->exact[i] & pattern->mask[i];
		differ += __builtin_popcount(difference);
	}
	if (differ > 1)
		pattern->verify = true;
}

static int append(struct mrw_pattern *pattern, const struct coding *coding,
		  uint32_t character)
{
	uint8_t bytes[MRW_UTF_MAX];
	size_t length = encode(coding, character, bytes);

	if (length > MEMRW_SCAN_LENGTH_MAX - pattern->length)
		return fail(EMSGSIZE);
	memcpy(pattern->exact + pattern->length, bytes, length);
	encode(coding, other_case(coding, character), bytes);
	memcpy(pattern->other + pattern->length, bytes, length);
	set_masks(pattern, pattern->length, length);
	pattern->length += length;
	return 0;
}

static int parse_string(struct mrw_pattern *pattern, const struct coding *coding,
			const char *text)
{
	uint32_t character;
	int taken;

	while ((taken = mrw_utf8_decode(text, &character)) > 0) {
		if (append(pattern, coding, character) < 0)
			return -1;
		text += taken;
	}
	return taken < 0 ? fail(EINVAL) : 0;
}

/* Where there is no such locale, it is the letters of ASCII alone. */
static locale_t unicode_locale(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);

	return locale ? locale : newlocale(LC_CTYPE_MASK, "C", NULL);
}

int mrw_pattern_string(struct mrw_pattern *pattern, const char *text, bool wide,
		       bool big_endian, bool fold_case)
{
	struct coding coding = { .wide = wide, .big_endian = big_endian };
	int status;

	if (reserve(pattern) < 0)
		return -1;
	if (fold_case)
		coding.locale = unicode_locale();
	status = parse_string(pattern, &coding, text);
	if (coding.locale)
		freelocale(coding.locale);
	return settle(pattern, status);
}

static bool is_one_case(const struct mrw_pattern *pattern, const uint8_t *bytes)
{
	size_t unit;

	for (size_t i = 0; i < pattern->length; i += unit) {
		unit = pattern->unit[i];
		if (memcmp(bytes + i, pattern->exact + i, unit) &&
		    memcmp(bytes + i, pattern->other + i, unit))
			return false;
	}
	return true;
}

bool mrw_pattern_matches(const struct mrw_pattern *pattern, const uint8_t *bytes)
{
	for (size_t i = 0; i < pattern->length; i++)
		if ((bytes[i] & pattern->mask[i]) != pattern->value[i])
			return false;
	return !pattern->verify || is_one_case(pattern, bytes);
}
