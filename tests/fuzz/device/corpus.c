// SPDX-License-Identifier: GPL-2.0-only
#include "corpus.h"

#include <err.h>
#include <stdlib.h>

#include "rng.h"

#define NEWEST	16

static struct program *programs;
static size_t count;

void corpus_add(const struct program *program)
{
	programs = reallocarray(programs, count + 1, sizeof(*programs));
	if (!programs)
		err(2, "the corpus");
	programs[count++] = *program;
}

size_t corpus_size(void)
{
	return count;
}

const struct program *corpus_pick(void)
{
	if (count > NEWEST && rng_once_in(3))
		return &programs[count - 1 - rng_below(NEWEST)];
	return &programs[rng_below(count)];
}
