// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "color.h"

static enum {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
} chosen;

bool color_choose(const char *when)
{
	static const char * const names[] = {
		[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(when, names[i]) == 0) {
			chosen = i;
			return true;
		}
	}
	return false;
}

static bool suits(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(stream)) && !(no_color && no_color[0] != '\0') &&
	       !(term && strcmp(term, "dumb") == 0);
}

/* Asked for each byte of a dump, and so remembered. */
bool color_is_on(FILE *stream)
{
	static enum { UNKNOWN, NO, YES } out, err;

	if (chosen != WHEN_AUTO)
		return chosen == WHEN_ALWAYS;
	if (stream == stderr) {
		if (err == UNKNOWN)
			err = suits(stream) ? YES : NO;
		return err == YES;
	}
	if (out == UNKNOWN)
		out = suits(stream) ? YES : NO;
	return out == YES;
}

void color_begin(FILE *stream, enum color color)
{
	static const char * const codes[] = {
		[COLOR_NONE] = "",
		[COLOR_ERROR] = "\033[1;31m",
		[COLOR_ADDRESS] = "\033[36m",
		[COLOR_ZERO] = "\033[2m",
		[COLOR_TEXT] = "\033[32m",
		[COLOR_OTHER] = "\033[33m",
		[COLOR_WRITABLE] = "\033[33m",
		[COLOR_EXECUTABLE] = "\033[31m",
		[COLOR_SPECIAL] = "\033[35m",
	};

	if (color != COLOR_NONE && color_is_on(stream))
		fputs(codes[color], stream);
}

void color_end(FILE *stream)
{
	if (color_is_on(stream))
		fputs("\033[0m", stream);
}
