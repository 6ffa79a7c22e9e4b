/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unsigned numbers in text, as addresses, offsets and values have them.
 * Inside the library only.
 */
#ifndef MRW_NUMBER_H
#define MRW_NUMBER_H

#include <stdint.h>

/**
 * mrw_number_parse() - a whole text that is one number without a sign
 * @text: decimal, hexadecimal after 0x, octal after 0
 * @number: out
 *
 * Return: 0, or -1 with errno: EINVAL not a number, ERANGE past 64 bits.
 */
int mrw_number_parse(const char *text, uint64_t *number);

#endif /* MRW_NUMBER_H */
