// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "value_text.h"

void value_print(enum memrw_type type, const void *value)
{
	char text[32];

	if (memrw_value_format(type, value, text, sizeof(text)) > 0)
		fputs(text, stdout);
}

/*
 * Bytes of the first character, 0 if it cannot be printed in this locale: what
 * another process has in memory must not control the terminal.
 */
static size_t printable(const char *string, size_t length)
{
	mbstate_t state = { 0 };
	wchar_t character;
	size_t bytes = mbrtowc(&character, string, length, &state);

	if (bytes == 0 || bytes > length || !iswprint(character))
		return 0;
	return bytes;
}

/* Return: true if the byte was printed as an escape with a letter. */
static bool write_escape(FILE *stream, char byte)
{
	static const char bytes[] = "\n\r\t\\", letters[] = "nrt\\";
	const char *found = memchr(bytes, byte, sizeof(bytes) - 1);

	if (!found)
		return false;
	fprintf(stream, "\\%c", letters[found - bytes]);
	return true;
}

void string_write(FILE *stream, const char *string, size_t length)
{
	for (size_t done = 0, bytes; done < length; done += bytes) {
		bytes = 1;
		if (write_escape(stream, string[done]))
			continue;
		bytes = printable(string + done, length - done);
		if (bytes > 0) {
			fwrite(string + done, 1, bytes, stream);
		} else {
			fprintf(stream, "\\x%02x", (unsigned char)string[done]);
			bytes = 1;
		}
	}
}

void string_print(const char *string, size_t length)
{
	string_write(stdout, string, length);
}
