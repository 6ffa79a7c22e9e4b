// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <wchar.h>
#include <wctype.h>

#include "color.h"
#include "report.h"
#include "view_screen.h"
#include "view_terminal.h"

/* How long a key's escape sequence takes to come, ms; slower ones are an Esc. */
#define ESCAPE_DELAY	25

/* struct look - @rich: of 256 colours, @color: of 8; -1 is the terminal's own */
struct look {
	short rich;
	short rich_back;
	attr_t rich_attributes;
	short color;
	short color_back;
	attr_t attributes;
	attr_t plain;	/* without colours */
};

static const struct look looks[LOOKS] = {
	[LOOK_PLAIN] = { -1, -1, 0, -1, -1, 0, 0 },
	[LOOK_TITLE] = { 231, 24, 0, COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE },
	[LOOK_ERROR] = { 231, 160, A_BOLD, COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE | A_BOLD },
	[LOOK_ADDRESS] = { 73, -1, 0, COLOR_CYAN, -1, 0, 0 },
	[LOOK_ZERO] = { 240, -1, 0, -1, -1, A_DIM, 0 },
	[LOOK_TEXT] = { 114, -1, 0, COLOR_GREEN, -1, 0, 0 },
	[LOOK_OTHER] = { 250, -1, 0, -1, -1, 0, 0 },
	[LOOK_WRITABLE] = { 179, -1, 0, COLOR_YELLOW, -1, 0, 0 },
	[LOOK_EXECUTABLE] = { 167, -1, 0, COLOR_RED, -1, 0, 0 },
	[LOOK_FROZEN] = { 231, 31, A_BOLD, COLOR_WHITE, COLOR_CYAN, A_BOLD, A_UNDERLINE | A_BOLD },
	[LOOK_WATCHED] = { 231, 90, A_BOLD, COLOR_WHITE, COLOR_MAGENTA, A_BOLD, A_UNDERLINE },
	[LOOK_CURSOR] = { -1, -1, A_REVERSE, -1, -1, A_REVERSE, A_REVERSE },
	[LOOK_KEY] = { 229, -1, A_BOLD, COLOR_YELLOW, -1, A_BOLD, A_BOLD },
	[LOOK_CHANGED] = { 16, 220, A_BOLD, COLOR_BLACK, COLOR_YELLOW, 0, A_REVERSE | A_BOLD },
	[LOOK_CHANGED + 1] = { 220, -1, A_BOLD, COLOR_YELLOW, -1, A_BOLD, A_BOLD | A_UNDERLINE },
	[LOOK_CHANGED + 2] = { 178, -1, 0, COLOR_YELLOW, -1, 0, A_BOLD },
	[LOOK_CHANGED + 3] = { 136, -1, 0, COLOR_YELLOW, -1, A_DIM, 0 },
};

static attr_t attributes[LOOKS];

static bool began;

static void choose_color(enum view_look look, bool rich)
{
	const struct look *how = &looks[look];

	init_pair(look + 1, rich ? how->rich : how->color,
		  rich ? how->rich_back : how->color_back);
	attributes[look] = COLOR_PAIR(look + 1) | (rich ? how->rich_attributes : how->attributes);
}

static void choose_looks(void)
{
	bool colors = color_is_on(stdout) && has_colors();

	/* Without the terminal's own colours, as few have none, black is behind all. */
	if (colors) {
		start_color();
		if (use_default_colors() == ERR)
			assume_default_colors(COLOR_WHITE, COLOR_BLACK);
	}
	for (int i = 0; i < LOOKS; i++) {
		if (colors)
			choose_color(i, COLORS >= 256);
		else
			attributes[i] = looks[i].plain;
	}
}

int view_screen_begin(void)
{
	const char *term = getenv("TERM");

	/* Of one that is not, newterm() would lose memory. */
	if (!view_terminal_is_known() || !newterm(NULL, stdout, stdin)) {
		report("view", "TERM is '%s': no such terminal is known", term ? term : "");
		return -1;
	}
	began = true;
	atexit(view_screen_end);
	set_escdelay(ESCAPE_DELAY);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED |
		  BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	choose_looks();
	return 0;
}

void view_screen_end(void)
{
	if (began)
		endwin();
	began = false;
}

attr_t view_attributes(enum view_look look)
{
	return attributes[look];
}

/* The next character, which can be printed, and its columns.  Return: its bytes. */
static size_t next_character(const char *text, mbstate_t *state, wchar_t *character,
			     int *columns)
{
	size_t bytes = mbrtowc(character, text, strlen(text), state);

	if (bytes == 0 || bytes > strlen(text)) {
		memset(state, 0, sizeof(*state));
		bytes = 1;
		*character = L'?';
	}
	*columns = iswprint(*character) ? wcwidth(*character) : -1;
	if (*columns < 0) {
		*character = L'?';
		*columns = 1;
	}
	return bytes;
}

void view_put(int line, int column, int width, enum view_look look, const char *text)
{
	mbstate_t state = { 0 };
	wchar_t character;
	int columns;

	if (width <= 0 || column >= COLS)
		return;
	width = MIN(width, COLS - column);
	attrset(attributes[look]);
	move(line, column);
	while (*text) {
		text += next_character(text, &state, &character, &columns);
		if (columns > width)
			break;
		addnwstr(&character, 1);
		width -= columns;
	}
	hline(' ' | attributes[look], width);
	attrset(A_NORMAL);
}
