// SPDX-License-Identifier: GPL-2.0-only

#include <limits.h>
#include <string.h>

#include "gdb_text.h"

#define ESCAPE		'}'
#define ESCAPE_BIT	0x20

int gdb_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

void gdb_hex(char *digits, const void *bytes, size_t length)
{
	static const char all[] = "0123456789abcdef";
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < length; i++) {
		*digits++ = all[byte[i] >> 4];
		*digits++ = all[byte[i] & 15];
	}
}

bool gdb_must_escape(char byte)
{
	return byte == '$' || byte == '#' || byte == ESCAPE || byte == '*';
}

bool gdb_text_skip(struct gdb_text *text, const char *literal)
{
	size_t length = strlen(literal);

	if ((size_t)(text->end - text->next) < length ||
	    memcmp(text->next, literal, length) != 0)
		return false;
	text->next += length;
	return true;
}

bool gdb_text_ended(const struct gdb_text *text)
{
	return text->next == text->end;
}

/* Return: the digit that comes next, which is taken; or -1. */
static int take_digit(struct gdb_text *text)
{
	int digit = gdb_text_ended(text) ? -1 : gdb_digit(*text->next);

	if (digit >= 0)
		text->next++;
	return digit;
}

bool gdb_text_number(struct gdb_text *text, uint64_t *number)
{
	int digit = take_digit(text);

	if (digit < 0)
		return false;
	*number = 0;
	for (; digit >= 0; digit = take_digit(text)) {
		if (*number >> 60)
			return false;
		*number = *number << 4 | (uint64_t)digit;
	}
	return true;
}

bool gdb_text_numbers(struct gdb_text *text, uint64_t *first, uint64_t *second)
{
	return gdb_text_number(text, first) && gdb_text_skip(text, ",") &&
	       gdb_text_number(text, second);
}

/* Return: one byte of two digits; or -1. */
static int take_byte(struct gdb_text *text)
{
	int high = take_digit(text), low = high < 0 ? -1 : take_digit(text);

	return low < 0 ? -1 : high << 4 | low;
}

ssize_t gdb_text_bytes(struct gdb_text *text, void *bytes, size_t room)
{
	uint8_t *to = bytes;
	size_t count = 0;

	while (!gdb_text_ended(text)) {
		int byte = take_byte(text);

		if (byte < 0 || count == room)
			return -1;
		to[count++] = (uint8_t)byte;
	}
	return (ssize_t)count;
}

bool gdb_text_path(struct gdb_text *text, char *path, size_t room)
{
	size_t length = 0;

	while (!gdb_text_ended(text) && *text->next != ',') {
		int byte = take_byte(text);

		if (byte <= 0 || length + 1 >= room)
			return false;
		path[length++] = (char)byte;
	}
	path[length] = '\0';
	return length > 0;
}

ssize_t gdb_text_binary(struct gdb_text *text, void *bytes, size_t room)
{
	char *to = bytes;
	size_t count = 0;

	while (!gdb_text_ended(text)) {
		char byte = *text->next++;

		if (byte == ESCAPE) {
			if (gdb_text_ended(text))
				return -1;
			byte = (char)(*text->next++ ^ ESCAPE_BIT);
		}
		if (count == room)
			return -1;
		to[count++] = byte;
	}
	return (ssize_t)count;
}

/* "-1" is all of them. */
static bool take_id(struct gdb_text *text, int64_t *id)
{
	uint64_t number;

	if (gdb_text_skip(text, "-1")) {
		*id = -1;
		return true;
	}
	if (!gdb_text_number(text, &number) || number > INT_MAX)
		return false;
	*id = (int64_t)number;
	return true;
}

bool gdb_text_thread(struct gdb_text *text, struct gdb_thread *thread)
{
	*thread = (struct gdb_thread){ 0 };
	if (!gdb_text_skip(text, "p"))
		return take_id(text, &thread->tid);
	thread->tid = -1;
	return take_id(text, &thread->pid) &&
	       (!gdb_text_skip(text, ".") || take_id(text, &thread->tid));
}
