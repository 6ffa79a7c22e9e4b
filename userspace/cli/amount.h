/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Amounts of memory, as a person reads them.
 */
#ifndef CLI_AMOUNT_H
#define CLI_AMOUNT_H

#include <stddef.h>
#include <stdint.h>

/* Room that is enough, with the NUL. */
#define AMOUNT_TEXT	16

/** amount_format() - "4.0 KiB" and the like; @text is returned */
const char *amount_format(uint64_t bytes, char *text, size_t size);

/** amount_format_short() - "4.0K", "128M": 4 characters at most; @text is returned */
const char *amount_format_short(uint64_t bytes, char *text, size_t size);

#endif /* CLI_AMOUNT_H */
