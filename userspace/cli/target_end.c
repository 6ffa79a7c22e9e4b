// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>

#include "report.h"
#include "target_end.h"

int target_end(struct memrw_target *target)
{
	enum memrw_state state;

	if (memrw_target_state(target, &state) < 0 || state == MEMRW_STATE_BOUND)
		return 0;
	return state == MEMRW_STATE_EXITED ? ESRCH : ESTALE;
}

const char *target_end_report(const struct memrw_target *target, int end)
{
	char who[64];

	snprintf(who, sizeof(who), "%d (%s)", memrw_target_pid(target),
		 memrw_target_comm(target));
	report(who, end == ESRCH ? "the process has exited" :
	       "the process runs another program since (execve)");
	return end == ESRCH ? "exit" : "execve";
}
