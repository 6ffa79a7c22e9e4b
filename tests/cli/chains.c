// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program with a treasure behind two pointers, that two things lead to: its
 * root each time that it runs, a stray only with the argument "stray".  Each
 * line of input gives it a line of output: where the treasure is.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#define AREA	(4 * 1024 * 1024)

struct treasure {
	char before[0x38];
	int value;
};

struct room {
	char before[0x120];
	struct treasure *treasure;
};

/* In bss, and in data. */
struct room *root;
void *stray[3] = { &stray };

/* Somewhere that ASLR chooses, in a mapping of its own. */
static char *make(void)
{
	char *area = mmap(NULL, AREA, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		exit(1);
	return area;
}

int main(int argc, char **argv)
{
	struct treasure *treasure = (void *)(make() + 0x10000);
	char line[16];

	(void)argv;
	root = (void *)(make() + 0x2340);
	root->treasure = treasure;
	treasure->value = 4711;
	if (argc > 1)
		stray[2] = (char *)treasure - 0x40;
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	do {
		printf("0x%jx\n", (uintmax_t)(uintptr_t)&treasure->value);
		fflush(stdout);
	} while (fgets(line, sizeof(line), stdin));
	return 0;
}
