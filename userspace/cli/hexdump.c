// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "color.h"
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

static enum color color_of(uint8_t byte)
{
	if (byte == 0)
		return COLOR_ZERO;
	return (uint8_t)printable(byte) == byte ? COLOR_TEXT : COLOR_OTHER;
}

/* From one byte to the next the colour changes seldom: no codes in between. */
static void change_color(enum color *last, enum color color)
{
	if (*last == color)
		return;
	if (*last != COLOR_NONE)
		color_end(stdout);
	color_begin(stdout, color);
	*last = color;
}

static void print_bytes(const uint8_t *bytes, size_t length)
{
	enum color last = COLOR_NONE;

	for (size_t i = 0; i < HEXDUMP_LINE; i++) {
		if (i % 8 == 0)
			putchar(' ');
		change_color(&last, i < length ? color_of(bytes[i]) : COLOR_NONE);
		if (i < length)
			printf("%02x ", bytes[i]);
		else
			fputs("   ", stdout);
	}
	change_color(&last, COLOR_NONE);
}

static void print_characters(const uint8_t *bytes, size_t length)
{
	enum color last = COLOR_NONE;

	for (size_t i = 0; i < length; i++) {
		change_color(&last, color_of(bytes[i]));
		putchar(printable(bytes[i]));
	}
	change_color(&last, COLOR_NONE);
}

static void print_address(const struct hexdump *dump)
{
	color_begin(stdout, COLOR_ADDRESS);
	printf("%0*" PRIx64, dump->width, dump->address);
	color_end(stdout);
}

static void print_line(const struct hexdump *dump, const uint8_t *bytes,
		       size_t length)
{
	print_address(dump);
	putchar(' ');
	print_bytes(bytes, length);
	fputs(" |", stdout);
	print_characters(bytes, length);
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
	print_address(dump);
	putchar('\n');
}
