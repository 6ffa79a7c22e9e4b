/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The grammar of addresses, and what its names mean: pure functions that know
 * no target.  Inside the library only.
 */
#ifndef MRW_ADDRESS_PARSE_H
#define MRW_ADDRESS_PARSE_H

#include "memrw.h"

/** struct mrw_message - a sentence for a person about a failure */
struct mrw_message {
	char text[256];
};

/**
 * struct mrw_address_scope - what the names of an address can mean
 * @regions: of the target, in rising order
 * @region_count: how many
 * @symbol: the address of a symbol of the executable: 0, or -1 with errno
 *	(ENOENT no such symbol, ENOTUNIQ several); called for a name that could
 *	be one
 * @data: for @symbol
 */
struct mrw_address_scope {
	const struct memrw_region *regions;
	size_t region_count;
	int (*symbol)(void *data, const char *name, uint64_t *address);
	void *data;
};

/**
 * struct mrw_address_term - "NAME+OFFSET", taken apart
 * @name: "" for a plain number, which is @offset then
 * @name_length: bytes of @name, which has no NUL there
 * @offset: 0 where there is none
 */
struct mrw_address_term {
	const char *name;
	size_t name_length;
	uint64_t offset;
};

/**
 * mrw_address_split() - the grammar
 * @text: the address; @term points into it
 * @term: out
 * @message: out, on failure
 *
 * The last "+" counts, and only if a number is behind it: "libstdc++.so.6" is
 * a name as it stands.
 *
 * Return: 0, or -1 with errno: EINVAL, ERANGE.
 */
int mrw_address_split(const char *text, struct mrw_address_term *term,
			struct mrw_message *message);

/**
 * mrw_address_look_up() - the meaning
 * @term: from mrw_address_split()
 * @scope: what names can mean
 * @address: out
 * @message: out, on failure
 *
 * Return: 0, or -1 with errno: ENOENT, ENOTUNIQ, ERANGE, or another one of
 * @scope's symbol function.
 */
int mrw_address_look_up(const struct mrw_address_term *term,
			  const struct mrw_address_scope *scope,
			  uint64_t *address, struct mrw_message *message);

#endif /* MRW_ADDRESS_PARSE_H */
