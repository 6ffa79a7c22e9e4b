// SPDX-License-Identifier: LGPL-2.1-or-later
#include "utf.h"

/* The first byte says how many follow, and has the highest bits. */
static int length_of(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	return lead >= 0xf0 && lead < 0xf5 ? 4 : -1;
}

static bool is_character(uint32_t character, int length)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	return character >= least[length] && character <= 0x10ffff &&
	       (character < 0xd800 || character > 0xdfff);
}

int mrw_utf8_decode(const char *text, uint32_t *character)
{
	const uint8_t *bytes = (const uint8_t *)text;
	int length = length_of(bytes[0]);

	if (!bytes[0] || length < 0)
		return bytes[0] ? -1 : 0;
	*character = length == 1 ? bytes[0] : bytes[0] & (0x7f >> length);
	for (int i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return -1;
		*character = *character << 6 | (bytes[i] & 0x3f);
	}
	return is_character(*character, length) ? length : -1;
}

size_t mrw_utf8_encode(uint32_t character, uint8_t *bytes)
{
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 :
			character < 0x10000 ? 3 : 4;

	if (length == 1) {
		bytes[0] = character;
		return 1;
	}
	for (size_t i = length - 1; i > 0; i--) {
		bytes[i] = 0x80 | (character & 0x3f);
		character >>= 6;
	}
	bytes[0] = (0xf00 >> length & 0xff) | character;
	return length;
}

static void store_unit(uint16_t unit, bool big_endian, uint8_t *bytes)
{
	bytes[!big_endian] = unit >> 8;
	bytes[big_endian] = unit;
}

size_t mrw_utf16_encode(uint32_t character, bool big_endian, uint8_t *bytes)
{
	if (character < 0x10000) {
		store_unit(character, big_endian, bytes);
		return 2;
	}
	character -= 0x10000;
	store_unit(0xd800 | character >> 10, big_endian, bytes);
	store_unit(0xdc00 | (character & 0x3ff), big_endian, bytes + 2);
	return 4;
}
