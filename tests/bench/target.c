// SPDX-License-Identifier: GPL-2.0-only
#include "target.h"

#include <err.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static _Noreturn void be_target(const struct area *areas, size_t count, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < count; i++)
		area_fill(&areas[i]);
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

pid_t target_start(const struct area *areas, size_t count)
{
	int ready[2];
	pid_t target;
	char byte;

	if (pipe(ready) < 0)
		err(1, "pipe");
	target = fork();
	if (target < 0)
		err(1, "fork");
	if (!target)
		be_target(areas, count, ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		errx(1, "the target did not come up");
	close(ready[0]);
	for (size_t i = 0; i < count; i++)
		area_check(&areas[i], target);
	return target;
}
