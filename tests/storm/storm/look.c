// SPDX-License-Identifier: GPL-2.0-only
#include "storm/look.h"

#include "lib/word.h"
#include "storm/board.h"

void seen_add(struct seen *seen, uint64_t address, const uint64_t *words, size_t count)
{
	if (count && seen->count < PIECES)
		seen->pieces[seen->count++] = (struct piece){ address, words, count };
}

static bool is_possible(const struct board *board, uint64_t word, uint64_t address, uint32_t id)
{
	if (!word)
		return true;
	if (!word_is_valid(word, address))
		return false;
	if (word_whose(word) == WORD_OF_ALL)
		return true;
	return id ? word_whose(word) == id : word_whose(word) < board->next_id;
}

static void look_at_piece(struct actor *actor, const struct piece *piece, uint32_t id,
			  const char *how)
{
	unsigned long own = 0;

	for (size_t i = 0; i < piece->count; i++) {
		uint64_t word = piece->words[i], address = piece->address + i * sizeof(word);

		if (!is_possible(actor->board, word, address, id)) {
			board_fail(actor->board,
				   "%s, %s of target %u: %#llx at %#llx, word %zu of %zu",
				   actor->name, how, id, (unsigned long long)word,
				   (unsigned long long)address, i, piece->count);
			return;
		}
		own += id && word_whose(word) == id;
	}
	atomic_fetch_add(&actor->board->words, piece->count);
	atomic_fetch_add(&actor->board->own_words, own);
}

void look_at(struct actor *actor, const struct seen *seen, uint32_t id, const char *how)
{
	for (size_t i = 0; i < seen->count; i++)
		look_at_piece(actor, &seen->pieces[i], id, how);
}
