/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Characters of Unicode in UTF-8 and UTF-16.  Inside the library only. */
#ifndef MRW_UTF_H
#define MRW_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most bytes that a character takes in either. */
#define MRW_UTF_MAX 4

/* The character that @text begins with: its bytes, 0 at the end, -1 if none. */
int mrw_utf8_decode(const char *text, uint32_t *character);

/* Bytes written. */
size_t mrw_utf8_encode(uint32_t character, uint8_t *bytes);
size_t mrw_utf16_encode(uint32_t character, bool big_endian, uint8_t *bytes);

#endif
