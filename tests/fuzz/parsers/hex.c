// SPDX-License-Identifier: GPL-2.0-only
/* Bytes in hexadecimal: no more of them than there is room for. */
#include "memrw.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = size ? data[0] % 16 : 0;
	char *text = text_of(data + (size > 0), size - (size > 0));
	uint8_t *bytes = malloc(room + 1);
	ssize_t count;

	bytes[room] = 0x5a;
	count = memrw_hex_parse(text, bytes, room);
	require(bytes[room] == 0x5a);
	if (count < 0)
		require(errno == EINVAL || errno == ENOBUFS);
	else
		require((size_t)count <= room && 2 * (size_t)count <= strlen(text));
	free(bytes);
	free(text);
	return 0;
}
