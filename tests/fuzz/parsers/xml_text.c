// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes become text of XML: UTF-8 without markup and control characters. */
#include "text.h"
#include "xml_text.h"

#include <stdlib.h>
#include <string.h>

static void check(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = text[i];

		require(byte != '<' && byte != '>' && byte != '"' && byte != '\'');
		require(byte >= ' ' || byte == '\t' || byte == '\n' || byte == '\r');
		require(byte != '&' || memchr(text + i, ';', length - i) != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length;
	char *text;
	FILE *stream = open_memstream(&text, &length);

	require(stream != NULL);
	xml_write(stream, (const char *)data, size);
	require(fclose(stream) == 0);
	check(text, length);
	free(text);
	return 0;
}
