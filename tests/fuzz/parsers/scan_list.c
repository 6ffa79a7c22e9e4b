// SPDX-License-Identifier: GPL-2.0-only
/* Lists of matches: a line is a match, with types that the header has, or not. */
#include "scan_list.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void check_match(const struct mrw_list_parser *parser, const char *line,
			const struct mrw_list_match *match)
{
	char types[MRW_LIST_TYPES];

	require(match->types && !(match->types & ~parser->header.types));
	require(match->address > line && match->address < line + strlen(line));
	require(mrw_list_is_whole(&parser->header));
	mrw_list_format_types(match->types, types);
	require(types[0] && strlen(types) < sizeof(types) - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *rest = text, *line;
	struct mrw_list_parser parser = { 0 };
	struct mrw_list_match match;
	int found = 0;

	while (found >= 0 && (line = strsep(&rest, "\n")) != NULL) {
		found = mrw_list_parse(&parser, line, &match);
		if (found > 0)
			check_match(&parser, line, &match);
		else if (found < 0)
			require(errno == EBADMSG);
	}
	free(text);
	return 0;
}
