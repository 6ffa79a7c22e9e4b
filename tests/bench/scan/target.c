// SPDX-License-Identifier: GPL-2.0-only
#include "target.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE	4096
#define RESERVED (64 * GIB)
#define TOUCHED	(100 * MIB)

static uint64_t next_random(uint64_t *state)
{
	uint64_t word = *state += 0x9e3779b97f4a7c15;

	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
	return word ^ word >> 27;
}

/* Small numbers, pointers, fractions, text. */
static uint64_t word_of_program(uint64_t random, size_t kind)
{
	double fraction = (double)(random >> 40) / 256;
	uint64_t word;

	switch (kind % 4) {
	case 0:
		return random % 1000 | (random >> 20) % 50 << 32;
	case 1:
		return 0x7f0000000000 | (random >> 20 & 0xffffffff0);
	case 2:
		memcpy(&word, &fraction, sizeof(word));
		return word;
	default:
		return (random & 0x0f0f0f0f0f0f0f0f) | 0x6060606060606060;
	}
}

static void fill_program(uint8_t *memory, size_t length)
{
	uint64_t state = 1;

	for (size_t page = 0; page < length / PAGE; page++) {
		for (size_t i = 0; i < PAGE; i += 8) {
			uint64_t word = page % 4 == 3 ? 0 :
					word_of_program(next_random(&state), page / 16);

			memcpy(memory + page * PAGE + i, &word, sizeof(word));
		}
	}
}

static void scatter(uint8_t *memory, size_t length, int32_t value, size_t count)
{
	size_t step = length / count / 4 * 4;

	for (size_t i = 0; i < count; i++)
		memcpy(memory + i * step, &value, sizeof(value));
}

static uint8_t *fill(enum content content, size_t length)
{
	uint8_t *memory;

	if (content == SPARSE) {
		memory = mmap(NULL, RESERVED, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		madvise(memory, RESERVED, MADV_NOHUGEPAGE);
		fill_program(memory + RESERVED / 2, TOUCHED);
		scatter(memory + RESERVED / 2, TOUCHED, RARE, 10);
		return memory;
	}
	/* The heap, which is what scanmem looks at by default. */
	memory = sbrk(length);
	if (content == ZEROS) {
		for (size_t i = 0; i < length; i += PAGE)
			*(volatile uint8_t *)(memory + i) = 0;
		return memory;
	}
	fill_program(memory, length);
	scatter(memory, length, RARE, 100);
	if (content == CROWDED)
		scatter(memory, length, COMMON, length / CROWD_STEP);
	return memory;
}

void target_start(struct target *target, enum content content, size_t length)
{
	int ready[2];
	uint8_t *memory;

	if (pipe(ready))
		exit(1);
	target->pid = fork();
	if (!target->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		memory = fill(content, length);
		if (write(ready[1], &memory, sizeof(memory)) != sizeof(memory))
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (target->pid < 0 || read(ready[0], &memory, sizeof(memory)) != sizeof(memory)) {
		fprintf(stderr, "scan: the target did not start\n");
		exit(1);
	}
	close(ready[0]);
	target->start = (uintptr_t)memory;
	target->length = content == SPARSE ? RESERVED : length;
}

void target_stop(struct target *target)
{
	kill(target->pid, SIGKILL);
	waitpid(target->pid, NULL, 0);
}

size_t target_resident(const struct target *target)
{
	char path[64];
	size_t pages = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/statm", target->pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*u %zu", &pages) != 1) {
		fprintf(stderr, "scan: cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}
