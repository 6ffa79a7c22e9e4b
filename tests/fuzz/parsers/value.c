// SPDX-License-Identifier: GPL-2.0-only
/* Typed values: what is parsed has a text that parses to the same bytes. */
#include "memrw.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TYPES	(MEMRW_TYPE_STR + 1)

static void check_format(enum memrw_type type, const void *value, size_t size)
{
	char text[32];
	uint8_t back[8];
	int length = memrw_value_format(type, value, text, sizeof(text));

	require(length > 0 && (size_t)length == strlen(text));
	require(memrw_value_parse(type, text, back, sizeof(back)) == (ssize_t)size);
	require(!memcmp(back, value, size));
}

static void parse(enum memrw_type type, const char *text)
{
	size_t room = memrw_type_size(type) ? memrw_type_size(type) : 16;
	void *value = malloc(room);
	ssize_t size = memrw_value_parse(type, text, value, room);

	if (size < 0)
		require(errno == EINVAL || errno == ERANGE || errno == ENOBUFS);
	else if (type != MEMRW_TYPE_STR)
		check_format(type, value, size);
	free(value);
}

/* Any bytes are a number, too. */
static void format(enum memrw_type type, const uint8_t *data, size_t size)
{
	size_t needed = memrw_type_size(type);
	char *text;
	void *value;

	if (!needed || size < needed)
		return;
	value = malloc(needed);
	memcpy(value, data, needed);
	check_format(type, value, needed);
	/* A text that is cut by any length is refused, and nothing else is written. */
	text = malloc(data[0] % 32 + 1);
	memrw_value_format(type, value, text, data[0] % 32 + 1);
	free(text);
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum memrw_type type;
	char *text;

	if (!size)
		return 0;
	type = data[0] % TYPES;
	text = text_of(data + 1, size - 1);
	parse(type, text);
	format(type, data + 1, size - 1);
	memrw_type_parse(text, &type);
	free(text);
	return 0;
}
