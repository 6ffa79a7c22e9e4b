// SPDX-License-Identifier: LGPL-2.1-or-later

#include <string.h>

#include "path.h"

#define DELETED	" (deleted)"

size_t mrw_path_length(const char *path)
{
	size_t length = strlen(path);
	size_t suffix = strlen(DELETED);

	if (length > suffix && strcmp(path + length - suffix, DELETED) == 0)
		return length - suffix;
	return length;
}

bool mrw_path_has_file_name(const char *path, const char *name)
{
	size_t length = mrw_path_length(path);
	const char *slash = memrchr(path, '/', length);

	if (!slash)
		return false;
	length -= slash + 1 - path;
	return strlen(name) == length && memcmp(slash + 1, name, length) == 0;
}
