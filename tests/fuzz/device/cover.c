// SPDX-License-Identifier: GPL-2.0-only
#include "cover.h"

#include <err.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a program may reach at most, the same place again and again. */
#define TRACE_WORDS	(256 << 10)

/* Slots of hash sets; the module has some thousand places. */
#define SET_SLOTS	(1 << 16)

struct set {
	uint64_t words[SET_SLOTS];
	size_t count;
};

static int kcov = -1;
static uint64_t *trace;
static struct set places, ways;
static size_t foreign;
static uint64_t module_start, module_end;

/* True if @word is new. */
static bool set_add(struct set *set, uint64_t word)
{
	size_t slot = (word * 0x9e3779b97f4a7c15) >> 48;

	while (set->words[slot] && set->words[slot] != word)
		slot = (slot + 1) % SET_SLOTS;
	if (set->words[slot] || set->count > SET_SLOTS / 2)
		return false;
	set->words[slot] = word;
	set->count++;
	return true;
}

static void find_module(void)
{
	FILE *modules = fopen("/proc/modules", "re");
	char line[256], name[64];
	unsigned long long size, start;

	if (!modules)
		err(2, "/proc/modules");
	while (fgets(line, sizeof(line), modules)) {
		if (sscanf(line, "%63s %llu %*s %*s %*s %llx", name, &size, &start) == 3 &&
		    !strcmp(name, "memrw")) {
			module_start = start;
			module_end = start + size;
		}
	}
	fclose(modules);
}

bool cover_open(void)
{
	kcov = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (kcov < 0)
		return false;
	if (ioctl(kcov, KCOV_INIT_TRACE, TRACE_WORDS) < 0)
		err(2, "KCOV_INIT_TRACE");
	trace = mmap(NULL, TRACE_WORDS * sizeof(*trace), PROT_READ | PROT_WRITE, MAP_SHARED,
		     kcov, 0);
	if (trace == MAP_FAILED)
		err(2, "mmap of kcov");
	find_module();
	return true;
}

void cover_enable(void)
{
	if (kcov >= 0 && ioctl(kcov, KCOV_ENABLE, KCOV_TRACE_PC) < 0)
		err(2, "KCOV_ENABLE");
}

void cover_begin(void)
{
	if (trace)
		__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
}

size_t cover_collect(void)
{
	uint64_t count = trace ? __atomic_load_n(&trace[0], __ATOMIC_RELAXED) : 0;
	uint64_t previous = 0;
	size_t new = 0;

	for (uint64_t i = 1; i <= count; i++) {
		uint64_t place = trace[i];

		if (place < module_start || place >= module_end) {
			foreign++;
			continue;
		}
		set_add(&places, place);
		new += set_add(&ways, place ^ previous << 24);
		previous = place;
	}
	return new;
}

size_t cover_places(void)
{
	return places.count;
}

size_t cover_foreign(void)
{
	return foreign;
}

size_t cover_ways(void)
{
	return ways.count;
}
