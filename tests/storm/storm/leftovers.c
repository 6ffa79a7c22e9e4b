// SPDX-License-Identifier: GPL-2.0-only
#include "storm/leftovers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/figure.h"
#include "lib/report.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

void leftovers_begin(struct leftovers *before)
{
	slab_take(&before->slab);
	before->descriptors = figure_descriptors(getpid());
	figure_set(KMEMLEAK, "clear");
}

/* What was in flight in a socket is closed by a worker of the kernel's. */
static bool no_reference_is_left(void)
{
	for (int i = 0; i < 100; i++) {
		if (figure_module_references() == 0)
			return true;
		clock_sleep(SECOND / 10);
	}
	return false;
}

/* An object counts when two scans, some seconds apart, have found nobody to know it. */
static void report_leaks(void)
{
	const char *what = "kmemleak finds nothing";
	char line[160];
	FILE *file;
	int lines = 0;

	if (!figure_set(KMEMLEAK, "scan")) {
		report_skip(what, "the kernel has no kmemleak");
		return;
	}
	clock_sleep(6 * SECOND);
	figure_set(KMEMLEAK, "scan");
	file = fopen(KMEMLEAK, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (lines++ < 60)
			report_note("  %s", line);
	}
	if (file)
		fclose(file);
	report(file && !lines, "%s", what);
}

void leftovers_report(const struct leftovers *before)
{
	static struct slab after;
	long locked = figure_of_process(getpid(), "VmLck");
	long pinned = figure_of_process(getpid(), "VmPin");
	long pins;

	report(no_reference_is_left(), "no reference to the module is left");
	pins = figure_pins();
	report(pins == 0, "as many pages were given back as were pinned (%ld more)", pins);
	report(locked == 0 && pinned == 0, "no memory is locked");
	report(figure_descriptors(getpid()) == before->descriptors,
	       "no descriptor is left");
	slab_take(&after);
	report(slab_has_not_grown(&before->slab, &after, 500, 32, 2048),
	       "the kernel's memory is free again");
	report_leaks();
}
