// SPDX-License-Identifier: LGPL-2.1-or-later

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "number.h"

/*
 * Not strtoull()'s base 0: what that takes ("0b1") depends on the C library's
 * version.
 */
static int number_base(const char *text)
{
	if (text[0] != '0')
		return 10;
	return tolower((unsigned char)text[1]) == 'x' ? 16 : 8;
}

int mrw_number_parse(const char *text, uint64_t *number)
{
	unsigned long long parsed;
	char *end;

	/* strtoull() would take white space and a sign, and negate. */
	if (!isdigit((unsigned char)text[0])) {
		errno = EINVAL;
		return -1;
	}

	errno = 0;
	parsed = strtoull(text, &end, number_base(text));
	if (*end != '\0')
		errno = EINVAL;
	if (errno != 0)
		return -1;

	*number = parsed;
	return 0;
}
