/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The input of a fuzzer as a string of its own, which the sanitizer watches the
 * end of.
 */
#ifndef FUZZ_TEXT_H
#define FUZZ_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* To be freed. */
char *text_of(const uint8_t *data, size_t size);

/* Of the next two pieces of the input, which a NUL separates, the first. */
char *text_cut(const uint8_t **data, size_t *size);

/* The finding itself: not assert(), which can be compiled away. */
void require(int holds);

#endif
