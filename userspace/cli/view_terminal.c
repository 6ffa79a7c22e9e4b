// SPDX-License-Identifier: GPL-2.0-only

#include <unistd.h>

/* Its macros are called like what other files have: lines, columns, ... */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "view_terminal.h"

bool view_terminal_is_known(void)
{
	int known;

	if (setupterm(NULL, STDOUT_FILENO, &known) == ERR)
		return false;
	del_curterm(cur_term);
	return true;
}
