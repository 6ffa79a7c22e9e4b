/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Match lists as text.  The first line is "memrw-scan 1", then come lines with
 * a word and what it says, in any order but before the matches:
 *
 *	types i32,f32
 *	byte-order little
 *	alignment 4		0: natural
 *	width 4			bytes of a value
 *
 * and one line for each match, the last part of which is an address as of
 * memrw_address_resolve():
 *
 *	match i32,f32 /usr/bin/game+0x4010
 */
#ifndef MRW_SCAN_LIST_H
#define MRW_SCAN_LIST_H

#include "scan_query.h"

/* struct mrw_list_header - what is said before the matches */
struct mrw_list_header {
	unsigned int types;
	unsigned int alignment;
	unsigned int width;
	bool big_endian;
};

/* struct mrw_list_match - one of them; @address is within the line */
struct mrw_list_match {
	unsigned int types;
	const char *address;
};

/*
 * struct mrw_list_parser - a pure function's memory of the lines before
 * @header: as far as it was said
 * @lines: that were parsed
 */
struct mrw_list_parser {
	struct mrw_list_header header;
	uint64_t lines;
	uint64_t matches;
};

/*
 * One line, without its newline.  Returns 1 for a match, 0 for another line,
 * or -1 with EBADMSG.
 */
int mrw_list_parse(struct mrw_list_parser *parser, const char *line,
		   struct mrw_list_match *match);

/* Does the header say all, and nothing that cannot be? */
bool mrw_list_is_whole(const struct mrw_list_header *header);

/* "i32,f32" into a buffer; 96 bytes are enough for all there are. */
#define MRW_LIST_TYPES 96
void mrw_list_format_types(unsigned int types, char *text);

#endif
