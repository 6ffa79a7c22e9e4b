/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal: ncurses, and how things look on it.
 */
#ifndef CLI_VIEW_SCREEN_H
#define CLI_VIEW_SCREEN_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

/** enum view_look - what is told apart, by colours or without them */
enum view_look {
	LOOK_PLAIN,
	LOOK_TITLE,
	LOOK_ERROR,
	LOOK_ADDRESS,
	LOOK_ZERO,		/* a byte of 0 */
	LOOK_TEXT,		/* a byte that is a character of ASCII's */
	LOOK_OTHER,		/* any other byte */
	LOOK_WRITABLE,		/* a region */
	LOOK_EXECUTABLE,	/* a region */
	LOOK_FROZEN,
	LOOK_WATCHED,
	LOOK_CURSOR,
	LOOK_KEY,
	LOOK_CHANGED,		/* and as many more as there are ages but one */
	LOOKS = LOOK_CHANGED + 4,
};

/**
 * view_screen_begin() - take the terminal
 *
 * It is given back by view_screen_end(), and when the program exits.
 *
 * Return: 0, or -1 after a report.
 */
int view_screen_begin(void);

/** view_screen_end() - give the terminal back as it was */
void view_screen_end(void);

/** view_attributes() - of ncurses */
attr_t view_attributes(enum view_look look);

/**
 * view_put() - text, cut or filled with blanks to a width
 *
 * What cannot be printed in this locale becomes "?".
 */
void view_put(int line, int column, int width, enum view_look look, const char *text);

#endif /* CLI_VIEW_SCREEN_H */
