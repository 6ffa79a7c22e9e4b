/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that have reached something new.
 */
#ifndef FUZZ_CORPUS_H
#define FUZZ_CORPUS_H

#include "program.h"

void corpus_add(const struct program *program);
size_t corpus_size(void);

/* Any of them; there must be one.  The newest are taken more often. */
const struct program *corpus_pick(void);

#endif
