// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "report.h"

char *bytes_reserve(struct bytes *bytes, size_t more)
{
	size_t needed = bytes->length + more;
	char *grown;

	if (needed <= bytes->room)
		return bytes->data + bytes->length;

	if (needed < 2 * bytes->room)
		needed = 2 * bytes->room;
	grown = realloc(bytes->data, needed);
	if (!grown) {
		report("memory for the result", "%s", strerror(errno));
		return NULL;
	}
	bytes->data = grown;
	bytes->room = needed;
	return grown + bytes->length;
}

void bytes_clear(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}
