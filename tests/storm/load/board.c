// SPDX-License-Identifier: GPL-2.0-only
#include "load/board.h"

#include <stdarg.h>
#include <stdio.h>

void board_fail(struct board *board, const char *format, ...)
{
	va_list arguments;

	if (atomic_fetch_add(&board->failures, 1))
		return;
	va_start(arguments, format);
	vsnprintf(board->failure, sizeof(board->failure), format, arguments);
	va_end(arguments);
}
