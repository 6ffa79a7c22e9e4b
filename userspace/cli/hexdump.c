// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hexdump.h"

/* One width for the whole dump, as short as keeps the columns in line. */
static int address_width(uint64_t last)
{
	if (last <= UINT32_MAX)
		return 8;
	return last < UINT64_C(1) << 48 ? 12 : 16;
}

void hexdump_begin(struct hexdump *dump, uint64_t address, uint64_t length)
{
	uint64_t end;

	if (__builtin_add_overflow(address, length, &end))
		end = UINT64_MAX;
	*dump = (struct hexdump){
		.address = address,
		.width = address_width(end),
	};
}

static char printable(uint8_t byte)
{
	return byte >= ' ' && byte <= '~' ? byte : '.';
}

static void print_line(const struct hexdump *dump, const uint8_t *bytes,
		       size_t length)
{
	printf("%0*" PRIx64 " ", dump->width, dump->address);
	for (size_t i = 0; i < HEXDUMP_LINE; i++) {
		if (i % 8 == 0)
			putchar(' ');
		if (i < length)
			printf("%02x ", bytes[i]);
		else
			fputs("   ", stdout);
	}
	fputs(" |", stdout);
	for (size_t i = 0; i < length; i++)
		putchar(printable(bytes[i]));
	fputs("|\n", stdout);
}

static bool repeats(const struct hexdump *dump, const uint8_t *bytes, size_t length)
{
	return dump->has_last && length == HEXDUMP_LINE &&
	       memcmp(dump->last, bytes, HEXDUMP_LINE) == 0;
}

static void add_line(struct hexdump *dump, const uint8_t *bytes, size_t length)
{
	if (!repeats(dump, bytes, length)) {
		print_line(dump, bytes, length);
		dump->squeezing = false;
	} else if (!dump->squeezing) {
		puts("*");
		dump->squeezing = true;
	}
	memcpy(dump->last, bytes, length);
	dump->has_last = length == HEXDUMP_LINE;
	dump->address += length;
}

void hexdump_add(struct hexdump *dump, const void *bytes, size_t length)
{
	const uint8_t *from = bytes;

	for (size_t done = 0; done < length; done += HEXDUMP_LINE) {
		size_t rest = length - done;

		add_line(dump, from + done, rest < HEXDUMP_LINE ? rest : HEXDUMP_LINE);
	}
}

void hexdump_end(const struct hexdump *dump)
{
	printf("%0*" PRIx64 "\n", dump->width, dump->address);
}
