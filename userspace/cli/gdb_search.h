/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The checksum by which gdb compares sections.
 */
#ifndef CLI_GDB_SEARCH_H
#define CLI_GDB_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#define GDB_CRC_BEGIN	0xffffffffU

/** gdb_crc() - of more bytes behind those of @crc: CRC-32, highest bit first, not inverted */
uint32_t gdb_crc(uint32_t crc, const void *bytes, size_t length);

#endif /* CLI_GDB_SEARCH_H */
