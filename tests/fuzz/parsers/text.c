// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <stdlib.h>
#include <string.h>

char *text_of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

char *text_cut(const uint8_t **data, size_t *size)
{
	const uint8_t *nul = *size ? memchr(*data, '\0', *size) : NULL;
	size_t length = nul ? (size_t)(nul - *data) : *size;
	char *text = text_of(*data, length);

	*data += length + (nul != NULL);
	*size -= length + (nul != NULL);
	return text;
}

void require(int holds)
{
	if (!holds)
		abort();
}
