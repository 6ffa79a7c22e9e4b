/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hexdump in the form of "hexdump -C", with the target's addresses.
 */
#ifndef CLI_HEXDUMP_H
#define CLI_HEXDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEXDUMP_LINE	16

/**
 * struct hexdump - a dump on its way
 * @address: of the next line
 * @width: digits of an address
 * @last: the line before
 * @has_last: there is one
 * @squeezing: it was the same as the one before it: a "*" stands for it
 */
struct hexdump {
	uint64_t address;
	int width;
	uint8_t last[HEXDUMP_LINE];
	bool has_last;
	bool squeezing;
};

/** hexdump_begin() - a dump of up to @length bytes at @address */
void hexdump_begin(struct hexdump *dump, uint64_t address, uint64_t length);

/** hexdump_add() - more bytes: whole lines, but for the last call */
void hexdump_add(struct hexdump *dump, const void *bytes, size_t length);

/** hexdump_end() - print the address behind the last byte */
void hexdump_end(const struct hexdump *dump);

#endif /* CLI_HEXDUMP_H */
