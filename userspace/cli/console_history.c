// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "console_history.h"

/* All directories of a path, whose last part is a file. */
static int make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int result;

		*slash = '\0';
		result = mkdir(path, 0700);
		*slash = '/';
		if (result < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int length = -1;

	/* The specification wants a path that is not absolute to be ignored. */
	if (state && state[0] == '/')
		length = asprintf(&path, "%s/memrw/history", state);
	else if (home && home[0] == '/')
		length = asprintf(&path, "%s/.local/state/memrw/history", home);
	if (length < 0)
		return NULL;
	if (make_directories(path) == 0)
		return path;
	free(path);
	return NULL;
}
