/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What targets fill their memory with: words that say whose they are, and
 * where in a page they belong.
 *
 *	63          32 31      16 15         0
 *	whose memory   a mark     offset in the page
 */
#ifndef WORD_H
#define WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE		4096UL
#define PAGE_WORDS	(PAGE / sizeof(uint64_t))

/* Whose a word is that is at home in anybody's memory. */
#define WORD_OF_ALL	UINT32_MAX

uint64_t word_of(uint32_t whose, uint64_t address);

/* Is it one, for that place? */
bool word_is_valid(uint64_t word, uint64_t address);

uint32_t word_whose(uint64_t word);

/* @words for @count words at @address. */
void word_fill(uint64_t *words, size_t count, uint32_t whose, uint64_t address);

#endif
