/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The grammar of address expressions: a pure function that knows no target.
 * Inside the library only.
 *
 *	expression:	term { ("+" | "-") term }
 *	term:		NUMBER | "[" expression "]" | REGION | NAME
 *	REGION:		a name that the kernel puts in brackets, with them
 *	NAME:		SYMBOL | MODULE | MODULE ":" SYMBOL
 *
 * A bare name may hold what the grammar uses ("libstdc++.so.6", "game-2"): it
 * goes as far as there is something of that name.  A module or symbol can be
 * put in quotes, and then ends with them.
 */
#ifndef MRW_ADDRESS_PARSE_H
#define MRW_ADDRESS_PARSE_H

#include "address_name.h"
#include "memrw.h"

/* Limits on what a text can make us do. */
#define MRW_ADDRESS_TERMS	64	/* in the whole of it */
#define MRW_ADDRESS_ENDS	64	/* where a bare name may end */

/**
 * mrw_address_evaluate() - the number that an expression stands for
 * @text: the expression
 * @scope: what its names mean, and where its pointers are read
 * @address: out
 * @message: out, on failure
 *
 * Return: 0, or -1 with errno: EINVAL malformed, ERANGE a number, a sum or a
 * difference that 64 bits do not hold, or as mrw_name_look_up() and @scope's
 * pointer function.
 */
int mrw_address_evaluate(const char *text, const struct mrw_address_scope *scope,
			 uint64_t *address, struct mrw_message *message);

#endif /* MRW_ADDRESS_PARSE_H */
