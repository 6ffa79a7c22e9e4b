// SPDX-License-Identifier: GPL-2.0-only
#include "lib/word.h"

#define MARK	0x5357UL

static uint64_t low_half(uint64_t address)
{
	return MARK << 16 | address % PAGE;
}

uint64_t word_of(uint32_t whose, uint64_t address)
{
	return (uint64_t)whose << 32 | low_half(address);
}

bool word_is_valid(uint64_t word, uint64_t address)
{
	return (uint32_t)word == low_half(address) && word_whose(word);
}

uint32_t word_whose(uint64_t word)
{
	return word >> 32;
}

void word_fill(uint64_t *words, size_t count, uint32_t whose, uint64_t address)
{
	for (size_t i = 0; i < count; i++)
		words[i] = word_of(whose, address + i * sizeof(*words));
}
