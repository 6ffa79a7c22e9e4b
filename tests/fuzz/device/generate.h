/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * New programs, out of nothing or out of others.
 */
#ifndef FUZZ_GENERATE_H
#define FUZZ_GENERATE_H

#include "program.h"

void generate(struct program *program);

/* Change @program a little; @other is there to take calls from. */
void mutate(struct program *program, const struct program *other);

#endif
