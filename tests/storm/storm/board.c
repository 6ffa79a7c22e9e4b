// SPDX-License-Identifier: GPL-2.0-only
#include "storm/board.h"

#include <err.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

void board_fail(struct board *board, const char *format, ...)
{
	unsigned int number = atomic_fetch_add(&board->failures, 1);
	va_list arguments;

	if (number >= FAILURES)
		return;
	va_start(arguments, format);
	vsnprintf(board->failure[number], sizeof(board->failure[number]), format, arguments);
	va_end(arguments);
}

void board_forget(struct board *board, pid_t pid)
{
	for (int i = 0; i < SLOTS; i++) {
		if (board->slots[i].who >> 32 == (uint64_t)pid)
			board->slots[i].who = 0;
	}
}

void board_become_member(const struct board *board)
{
	gid_t group = board->group;

	if (setgroups(1, &group) || setresgid(MEMBER, MEMBER, MEMBER) ||
	    setresuid(MEMBER, MEMBER, MEMBER) || prctl(PR_SET_DUMPABLE, 1))
		err(1, "another user");
}
