// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scans: how fast, and in how much memory, beside scanmem and beside nothing
 * but reading, in one run, so that a machine that is busy is so for all.
 */
#include "rivals.h"

#include <memrw.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS	3

static bool with_scanmem;
static unsigned int threads;
static size_t size = GIB;
static int missed;

/*
 * The table
 */

static void head(const char *what)
{
	printf("\n%s\n  %-40s %11s %11s\n", what, "", "measured", "goal");
}

static void line(const char *what, double measured, double goal, const char *unit, bool met)
{
	printf("  %-40s %8.2f %-3s%8.2f %-3s %s\n", what, measured, unit, goal, unit,
	       met ? "met" : "missed");
	missed += !met;
	fflush(stdout);
}

static void at_least(const char *what, double measured, double goal, const char *unit)
{
	line(what, measured, goal, unit, measured >= goal);
}

static void at_most(const char *what, double measured, double goal, const char *unit)
{
	line(what, measured, goal, unit, measured <= goal);
}

static void beside_reading(const char *what, struct times reading, struct times own, double goal)
{
	at_least(what, 100 * reading.clock / own.clock, goal, "%");
	printf("  %-40s %8.2f %%  (reading %.3f s, memrw %.3f s)\n", "  by processor time",
	       100 * reading.cpu / own.cpu, reading.cpu, own.cpu);
}

static void beside_scanmem(const char *what, const struct target *target,
			   const char *before, const char *commands, struct times own,
			   double goal)
{
	struct times part = { 0 }, whole, rival;

	if (!with_scanmem)
		return;
	if (*before)
		part = time_scanmem(target, before);
	whole = time_scanmem(target, commands);
	if (whole.clock <= 0 || part.clock < 0) {
		printf("  %-40s (scanmem failed)\n", what);
		return;
	}
	if (part.more) {
		printf("  %-40s (scanmem did not get there in %d s)\n", what, SCANMEM_LIMIT);
		return;
	}
	rival = times_less(whole, part);
	at_least(what, rival.clock / own.clock, goal, "x");
	printf("  %-40s %8.2f x  (scanmem %s%.2f s, memrw %.3f s, on %u threads)\n",
	       "  by processor time", rival.cpu / own.cpu,
	       rival.more ? "had not ended after " : "", rival.cpu, own.cpu, threads);
}

/*
 * Scans
 */

struct search {
	struct memrw_target *target;
	struct memrw_scan *scan;
};

static void die(const char *what)
{
	fprintf(stderr, "scan: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void search_open(struct search *search, const struct target *target,
			unsigned int types, unsigned int alignment)
{
	struct memrw_region_filter *filter = memrw_region_filter_open();
	char range[64];

	search->target = memrw_target_open(target->pid, MEMRW_BACKEND_PROCFS,
					   MEMRW_OPEN_READ_ONLY);
	if (!search->target)
		die("cannot open the target");
	search->scan = memrw_scan_open(search->target);
	snprintf(range, sizeof(range), "0x%llx-0x%llx", (unsigned long long)target->start,
		 (unsigned long long)(target->start + target->length));
	if (!search->scan || memrw_region_filter_add(filter, range) ||
	    memrw_scan_set_filter(search->scan, filter) ||
	    memrw_scan_set_types(search->scan, types) ||
	    memrw_scan_set_alignment(search->scan, alignment))
		die("cannot begin a scan");
	memrw_region_filter_close(filter);
}

static void search_close(struct search *search)
{
	memrw_scan_close(search->scan);
	memrw_target_close(search->target);
}

static struct times search_run(struct search *search, enum memrw_scan_op op, const char *value)
{
	struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = op,
		.value = value,
	};
	struct times start = times_now();

	if (memrw_scan_run(search->scan, &condition))
		die("a pass failed");
	return times_since(start);
}

static const char *text_of(long number)
{
	static char text[32];

	snprintf(text, sizeof(text), "%ld", number);
	return text;
}

static void expect(struct search *search, uint64_t least)
{
	if (memrw_scan_count(search->scan) < least) {
		fprintf(stderr, "scan: %llu matches, at least %llu were there\n",
			(unsigned long long)memrw_scan_count(search->scan),
			(unsigned long long)least);
		exit(1);
	}
}

/* The least of some rounds, in each of which the memory is also merely read. */
static struct times first_pass(const struct target *target, unsigned int types,
			       unsigned int alignment, const char *value, uint64_t least,
			       struct times *reading)
{
	struct times best = { .clock = 1e9, .cpu = 1e9 };
	struct search search;

	*reading = best;
	for (int i = 0; i < ROUNDS; i++) {
		*reading = times_least(*reading, time_reading(target, threads));
		search_open(&search, target, types, alignment);
		best = times_least(best, search_run(&search, MEMRW_SCAN_EQ, value));
		expect(&search, least);
		search_close(&search);
	}
	return best;
}

#define I32 MEMRW_SCAN_TYPE(MEMRW_TYPE_I32)

/*
 * The goals
 */

static void measure_exact(const struct target *target)
{
	struct times reading, time;
	char commands[64];

	head("First pass, exact int32");
	time = first_pass(target, I32, 0, text_of(RARE), 100, &reading);
	beside_reading("aligned: rate of reading", reading, time, 80);
	snprintf(commands, sizeof(commands), "option scan_data_type int32;%d", RARE);
	beside_scanmem("aligned: faster than scanmem", target, "", commands, time, 20);
	time = first_pass(target, I32, 1, text_of(RARE), 100, &reading);
	beside_reading("every byte: rate of reading", reading, time, 80);
	beside_scanmem("every byte: faster than scanmem", target, "", commands, time, 20);
}

static void measure_pattern(const struct target *target)
{
	struct times reading, time;

	head("Pattern of bytes with wildcards");
	/* RARE, which is 0x42e576f7. */
	time = first_pass(target, MEMRW_SCAN_BYTES, 0, "f7 ?? e5 4? ??", 50, &reading);
	beside_reading("rate of reading", reading, time, 60);
}

static void measure_unknown(const struct target *target)
{
	static const struct {
		const char *name;
		enum memrw_scan_op op;
		const char *commands;
	} passes[] = {
		{ "then changed: faster than scanmem", MEMRW_SCAN_CHANGED, "!=" },
		{ "then unchanged: faster than scanmem", MEMRW_SCAN_UNCHANGED, "=" },
		{ "then increased: faster than scanmem", MEMRW_SCAN_INCREASED, "+" },
	};
	struct times first, second;
	char commands[64];
	struct search search;

	head("Unknown initial value, int32, both passes");
	for (size_t i = 0; i < 3; i++) {
		search_open(&search, target, I32, 0);
		first = search_run(&search, MEMRW_SCAN_UNKNOWN, NULL);
		if (!i)
			at_most("memory a byte of the target",
				(double)memrw_scan_memory(search.scan) / target->length, 1.1, "B");
		second = search_run(&search, passes[i].op, NULL);
		second.clock += first.clock;
		second.cpu += first.cpu;
		search_close(&search);
		snprintf(commands, sizeof(commands),
			 "option scan_data_type int32;snapshot;%s", passes[i].commands);
		beside_scanmem(passes[i].name, target, "", commands, second, 50);
	}
}

static void measure_zeros(void)
{
	struct target target;
	struct search search;

	target_start(&target, ZEROS, size);
	search_open(&search, &target, I32, 0);
	search_run(&search, MEMRW_SCAN_UNKNOWN, NULL);
	at_most("memory a byte of zeros", (double)memrw_scan_memory(search.scan) / size, 0.1, "B");
	search_close(&search);
	target_stop(&target);
}

static void measure_narrow(void)
{
	char before[80], commands[100];
	struct times best = { .clock = 1e9, .cpu = 1e9 };
	struct target target;
	struct search search;

	head("Narrowing matches (10 million in 1 GiB), int32");
	target_start(&target, CROWDED, size);
	search_open(&search, &target, I32, 0);
	search_run(&search, MEMRW_SCAN_EQ, text_of(COMMON));
	expect(&search, size / CROWD_STEP);
	for (int i = 0; i < 3; i++) {
		best = times_least(best, search_run(&search, MEMRW_SCAN_EQ, text_of(COMMON)));
		expect(&search, size / CROWD_STEP);
	}
	memrw_scan_set_undo(search.scan, 0, 0);
	at_most("memory a match, and 4 bytes of value",
		(double)memrw_scan_memory(search.scan) / memrw_scan_count(search.scan), 5.5, "B");
	snprintf(before, sizeof(before), "option scan_data_type int32;%d", COMMON);
	snprintf(commands, sizeof(commands), "%s;%d", before, COMMON);
	beside_scanmem("faster than scanmem", &target, before, commands, best, 10);
	search_close(&search);
	target_stop(&target);
}

static void measure_sparse(void)
{
	struct target target;
	struct search search;
	size_t resident;

	head("64 GiB reserved, 100 MiB touched");
	target_start(&target, SPARSE, 0);
	resident = target_resident(&target);
	search_open(&search, &target, I32, 0);
	at_most("first pass, exact", search_run(&search, MEMRW_SCAN_EQ, text_of(RARE)).clock, 2, "s");
	expect(&search, 10);
	search_close(&search);
	search_open(&search, &target, I32, 0);
	at_most("first pass, unknown value", search_run(&search, MEMRW_SCAN_UNKNOWN, NULL).clock, 2, "s");
	at_most("memory a byte of the target",
		(double)memrw_scan_memory(search.scan) / target.length, 0.1, "B");
	at_most("then unchanged", search_run(&search, MEMRW_SCAN_UNCHANGED, NULL).clock, 2, "s");
	search_close(&search);
	at_most("the target grew by",
		((double)target_resident(&target) - (double)resident) / MIB, 1, "MiB");
	target_stop(&target);
}

int main(int argc, char **argv)
{
	struct target target;
	cpu_set_t cpus;

	/* scan [MIB]: less than the gigabyte of the goals is for a first look. */
	if (argc > 1)
		size = strtoul(argv[1], NULL, 10) * MIB;
	sched_getaffinity(0, sizeof(cpus), &cpus);
	threads = CPU_COUNT(&cpus) < 64 ? CPU_COUNT(&cpus) : 64;
	with_scanmem = has_scanmem();
	printf("memrw %s, procfs, %u threads, %zu MiB; the least of %d rounds\n",
	       memrw_version(), threads, size / MIB, ROUNDS);
	if (!with_scanmem)
		printf("without scanmem, what is measured beside it is left out; try: tests/lib/install-deps bench-scan\n");
	target_start(&target, PROGRAM, size);
	measure_exact(&target);
	measure_pattern(&target);
	measure_unknown(&target);
	target_stop(&target);
	measure_zeros();
	measure_narrow();
	measure_sparse();
	printf("\n%d missed\n", missed);
	return 0;
}
