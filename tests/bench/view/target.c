// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that is looked at: target BYTES changes that many bytes at AREA a hundred
 * times a second, and works otherwise.  For each line of input it prints how many turns
 * it has done in how many nanoseconds: of the processor's, and of all.
 */

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define AREA		0x10000000UL
#define AREA_LENGTH	0x10000
#define CHANGE_NS	10000000
#define TURNS		1000

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Some arithmetic, which no compiler can leave out. */
static void work(volatile uint64_t *state)
{
	for (int i = 0; i < TURNS; i++)
		*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
}

static void change(volatile uint8_t *area, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		area[i] += 1 + i % 3;
}

static void answer(uint64_t turns)
{
	char line[16];

	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		return;
	printf("%llu %lld %lld\n", (unsigned long long)turns,
	       (long long)now(CLOCK_PROCESS_CPUTIME_ID), (long long)now(CLOCK_MONOTONIC));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t bytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	void *area = mmap((void *)AREA, AREA_LENGTH, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	uint64_t state = 1, turns = 0;
	int64_t due = 0;

	if (area == MAP_FAILED || bytes > AREA_LENGTH)
		return 1;
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	for (;; turns++) {
		work(&state);
		if (now(CLOCK_MONOTONIC) < due)
			continue;
		due = now(CLOCK_MONOTONIC) + CHANGE_NS;
		change(area, bytes);
		answer(turns);
	}
}
