/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Colours, for a person at a terminal: what is written elsewhere has none.
 */
#ifndef CLI_COLOR_H
#define CLI_COLOR_H

#include <stdbool.h>
#include <stdio.h>

/** enum color - what is told apart by a colour */
enum color {
	COLOR_NONE,
	COLOR_ERROR,		/* "memrw:" before an error */
	COLOR_ADDRESS,
	COLOR_ZERO,		/* a byte of 0 */
	COLOR_TEXT,		/* a byte that is a character of ASCII's */
	COLOR_OTHER,		/* any other byte */
	COLOR_WRITABLE,		/* a region */
	COLOR_EXECUTABLE,	/* a region */
	COLOR_SPECIAL,		/* a name in brackets */
};

/**
 * color_choose() - the argument of --color
 * @when: "auto", which is what is done without it: on a terminal, unless
 *	NO_COLOR is set and not empty, or TERM is "dumb"; "always"; "never"
 *
 * Return: false if it is none of these.
 */
bool color_choose(const char *when);

/** color_is_on() - has what is printed to the stream colours? */
bool color_is_on(FILE *stream);

/** color_begin() - what is printed to the stream from now on has the colour */
void color_begin(FILE *stream, enum color color);

/** color_end() - and from now on, it has none */
void color_end(FILE *stream);

#endif /* CLI_COLOR_H */
