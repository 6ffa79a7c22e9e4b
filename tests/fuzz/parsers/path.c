// SPDX-License-Identifier: GPL-2.0-only
/* Paths with " (deleted)" and without, and their last part. */
#include "path.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = text_cut(&data, &size), *name = text_cut(&data, &size);
	size_t length = mrw_path_length(path);

	require(length <= strlen(path));
	if (mrw_path_has_file_name(path, name))
		require(strlen(name) < length && path[length - strlen(name) - 1] == '/');
	free(path);
	free(name);
	return 0;
}
