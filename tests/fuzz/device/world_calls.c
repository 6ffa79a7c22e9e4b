// SPDX-License-Identifier: GPL-2.0-only
#include "world_calls.h"

#include <errno.h>
#include <sys/mman.h>

#include "cast.h"
#include "guard.h"
#include "zone.h"

/* Of the caller's buffer. */
long call_protect(struct run *run, const uint64_t *args)
{
	unsigned int page = args[0] % (caller_zones[ZONE_BUFFER].length / ZONE_PAGE);

	(void)run;
	if (mprotect((void *)(caller_zones[ZONE_BUFFER].start + page * ZONE_PAGE), ZONE_PAGE,
		     args[1]) < 0)
		return -errno;
	guard_hide_page(page);
	return 0;
}

long call_change(struct run *run, const uint64_t *args)
{
	if (!run->forked)
		cast_change(args[0], args[1]);
	return 0;
}

/* The zombie stays to the program's end. */
long call_kill(struct run *run, const uint64_t *args)
{
	(void)args;
	if (!run->forked)
		cast_kill();
	return 0;
}

long call_become(struct run *run, const uint64_t *args)
{
	if (!run->forked)
		cast_become(args[0]);
	return 0;
}

long call_fork(struct run *run, const uint64_t *args)
{
	if (!run->forked)
		run->to_fork = args[0] % PROGRAM_CALLS;
	return 0;
}
