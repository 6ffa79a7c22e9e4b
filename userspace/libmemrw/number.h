/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Unsigned numbers in text, as addresses, offsets and values have them.
 * Inside the library only.
 */
#ifndef MEMRW_NUMBER_H
#define MEMRW_NUMBER_H

#include <stdint.h>

/**
 * memrw_number_parse() - a whole text that is one number without a sign
 * @text: decimal, hexadecimal after 0x, octal after 0
 * @number: out
 *
 * Return: 0, or -1 with errno: EINVAL not a number, ERANGE past 64 bits.
 */
int memrw_number_parse(const char *text, uint64_t *number);

#endif /* MEMRW_NUMBER_H */
