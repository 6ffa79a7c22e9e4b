// SPDX-License-Identifier: GPL-2.0-only

#include <jansson.h>
#include <stdbool.h>

#include "gdb_xml.h"

/* The JSON library takes nothing else. */
static bool is_utf8(const char *text)
{
	json_t *string = json_string(text);

	json_decref(string);
	return string;
}

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void gdb_xml_text(FILE *out, const char *text)
{
	bool utf8 = is_utf8(text);

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		const char *entity = entity_of(*text);

		if (entity)
			fputs(entity, out);
		else if (byte < ' ' || (byte >= 0x7f && !utf8))
			putc('?', out);
		else
			putc(byte, out);
	}
}
