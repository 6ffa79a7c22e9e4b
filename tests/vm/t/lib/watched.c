// SPDX-License-Identifier: GPL-2.0-only
#include "lib/watched.h"

#include "lib/memory.h"
#include "lib/session.h"

struct worker *target;
int session;
uint64_t address;

int watched_setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	address = memory_map_pattern(target, PAGE, 1);
	memory_poke(target, address, 0);
	return 0;
}
