// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process to be read and written, with known values at known symbols and
 * known pages at known addresses.  It says what it sees: for each line of
 * input, one line of output.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

/* A page, or several: as large as the largest page of any machine. */
#define BLOCK		0x10000

/* A block that can be written, and nothing behind it. */
#define EDGE		0x10000000
/* A block that can be written, one that can be read, one that cannot. */
#define STAIRS		0x20000000

int8_t small = -8;
int32_t counter = 41;
int64_t negative = -5000000000;
uint64_t large = UINT64_MAX;
float single = 0.1f;
double number = -2.5;
double odd[] = { 0.0, 0.0, 0.0 };
uint32_t table[] = { 10, 20, 30, 40 };
char text[32] = "hello, target";
char strange[] = "tab\there\\ \033[1m\xff\xc3\xa9";
char three[] = "one\0two\0\0";
uint64_t pointer = 0x7ffd0000;
/* A way to the last number of the table, by two pointers. */
uint32_t *middle[] = { NULL, &table[1] };
uint32_t **chain = middle;
char zeros[4096];

/* The same name in another file: see twin.c. */
static volatile int twice = 1;
int twin(void);

static bool map(uintptr_t address, int blocks)
{
	void *wanted = (void *)address;

	return mmap(wanted, (size_t)blocks * BLOCK, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == wanted;
}

static bool set_up(void)
{
	if (!map(EDGE, 1) || !map(STAIRS, 3))
		return false;
	memset((void *)EDGE, 'e', BLOCK);
	memset((void *)STAIRS, 's', 3 * BLOCK);
	odd[0] = 1 / odd[2];
	odd[1] = -1 / odd[2];
	odd[2] = __builtin_nan("");
	/* Let anyone of the same user at it, also under Yama. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	return !mprotect((void *)(STAIRS + BLOCK), BLOCK, PROT_READ) &&
	       !mprotect((void *)(STAIRS + 2 * BLOCK), BLOCK, PROT_NONE);
}

/* A thread that is not the process's first. */
static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

int main(void)
{
	pthread_t thread;
	char line[16];

	if (!set_up() || pthread_create(&thread, NULL, idle, NULL))
		return 1;
	do {
		printf("%d %s %d %d\n", counter, text, *(char *)EDGE, twice + twin());
		fflush(stdout);
	} while (fgets(line, sizeof(line), stdin));
	return 0;
}
