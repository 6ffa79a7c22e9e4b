/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The figures for people.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdio.h>

#include "suite.h"

void text_print(FILE *out, const struct suite *suite);

/* Only what watches cost. */
void text_print_watches(FILE *out, const struct suite *suite);

#endif
