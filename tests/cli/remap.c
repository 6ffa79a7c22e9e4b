// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that replaces its memory: "replace" maps a new page, in which the next
 * number is, in place of the old one, and "unmap" takes it away.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* As large as the largest page of any machine. */
#define BLOCK	0x10000
#define PLACE	((void *)(uintptr_t)0x30000000)

static bool replace(int number)
{
	/* Never there without the number. */
	void *page = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return false;
	memcpy(page, &number, sizeof(number));
	return mremap(page, BLOCK, BLOCK, MREMAP_MAYMOVE | MREMAP_FIXED, PLACE) == PLACE;
}

int main(void)
{
	char line[16] = "replace\n";
	int number = 0;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	do {
		if (strcmp(line, "unmap\n") == 0)
			munmap(PLACE, BLOCK);
		else if (!replace(++number))
			return 1;
		puts("done");
		fflush(stdout);
	} while (fgets(line, sizeof(line), stdin));
	return 0;
}
