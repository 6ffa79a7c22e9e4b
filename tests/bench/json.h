/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The figures for machines.
 */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

#include "suite.h"

/* Whether it could be written. */
bool json_print(FILE *out, const struct suite *suite);

#endif
