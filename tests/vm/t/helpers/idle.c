// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target made by execve: does nothing for as long as its parent lives.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}
