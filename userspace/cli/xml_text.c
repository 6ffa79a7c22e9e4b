// SPDX-License-Identifier: GPL-2.0-only

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xml_text.h"

#define REPLACEMENT	"\xef\xbf\xbd"

/* Bytes of a character by its first; 0 for none that begins one. */
static size_t length_by_first(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool is_allowed(uint32_t code, size_t bytes)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (code < least[bytes] || code > 0x10ffff)
		return false;
	if (code < ' ')
		return code == '\t' || code == '\n' || code == '\r';
	return code != 0x7f && !(code >= 0xd800 && code <= 0xdfff) && (code & 0xfffe) != 0xfffe;
}

/* Return: bytes of the first character; 0 if XML has none there. */
static size_t character(const uint8_t *text, size_t length)
{
	size_t bytes = length_by_first(text[0]);
	uint32_t code = text[0] & (0xff >> (bytes > 1 ? bytes + 1 : 0));

	if (bytes == 0 || bytes > length)
		return 0;
	for (size_t i = 1; i < bytes; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	return is_allowed(code, bytes) ? bytes : 0;
}

static const char *escape(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void xml_write(FILE *stream, const char *text, size_t length)
{
	for (size_t done = 0, bytes; done < length; done += bytes) {
		const char *escaped = escape(text[done]);

		bytes = character((const uint8_t *)text + done, length - done);
		if (escaped)
			fputs(escaped, stream);
		else if (bytes > 0)
			fwrite(text + done, 1, bytes, stream);
		else
			fputs(REPLACEMENT, stream);
		if (bytes == 0)
			bytes = 1;
	}
}
