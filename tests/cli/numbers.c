// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process with memory at a known address, which others fill: it only lives, until
 * its input ends.
 */

#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define NUMBERS		((void *)0x30000000)
#define LENGTH		4096

int main(void)
{
	char line[16];

	if (mmap(NUMBERS, LENGTH, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != NUMBERS)
		return 1;
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		;
	return 0;
}
