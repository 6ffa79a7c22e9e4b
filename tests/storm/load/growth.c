// SPDX-License-Identifier: GPL-2.0-only
#include "load/growth.h"

#include "lib/figure.h"
#include "lib/report.h"

/* What comes and goes by itself, in kB: a page more for each of the readers. */
#define NOISE(board)	(2048L + 8L * (board)->readers)

void growth_sample(struct growth *growth, const struct board *board)
{
	struct growth_sample *now = &growth->samples[growth->count];

	if (growth->count == GROWTH_SAMPLES)
		return;
	growth->count++;
	*now = (struct growth_sample){
		.slab = figure("/proc/meminfo", "Slab"),
		.unreclaimable = figure("/proc/meminfo", "SUnreclaim"),
		.files = figure("/proc/sys/fs/file-nr", NULL),
		.references = figure_module_references(),
	};
	for (unsigned int i = 0; i < board->readers; i++) {
		now->resident += figure_of_process(board->reader[i].pid, "VmRSS");
		now->descriptors += figure_descriptors(board->reader[i].pid);
	}
}

/* The mean of a quarter of the samples, from @first on. */
static double mean(const struct growth *growth, unsigned int first,
		   long (*value)(const struct growth_sample *sample))
{
	unsigned int quarter = growth->count >= 4 ? growth->count / 4 : 1;
	double sum = 0;

	for (unsigned int i = first; i < first + quarter; i++)
		sum += value(&growth->samples[i]);
	return sum / quarter;
}

static bool has_not_grown(const struct growth *growth, const char *what, long noise,
			  long (*value)(const struct growth_sample *sample))
{
	unsigned int quarter = growth->count >= 4 ? growth->count / 4 : 1;
	double first = mean(growth, 0, value);
	double last = mean(growth, growth->count - quarter, value);

	report_note("%s: %.0f in the first quarter of the run, %.0f in the last", what, first,
		    last);
	return last - first <= noise;
}

static long slab(const struct growth_sample *sample)
{
	return sample->slab;
}

static long unreclaimable(const struct growth_sample *sample)
{
	return sample->unreclaimable;
}

static long resident(const struct growth_sample *sample)
{
	return sample->resident;
}

static long files(const struct growth_sample *sample)
{
	return sample->files;
}

static bool never_changes(const struct growth *growth)
{
	const struct growth_sample *first = &growth->samples[0];

	for (unsigned int i = 1; i < growth->count; i++) {
		const struct growth_sample *sample = &growth->samples[i];

		if (sample->descriptors != first->descriptors)
			return false;
		if (sample->references != first->references)
			return false;
	}
	return true;
}

void growth_report(const struct growth *growth, const struct board *board)
{
	const struct growth_sample *first = &growth->samples[0];

	report_note("%u samples; %ld references to the module, %ld descriptors of the readers",
		    growth->count, first->references, first->descriptors);
	report(first->references == board->sessions && never_changes(growth),
	       "%u sessions are open from the beginning to the end, and nothing else is",
	       board->sessions);
	report(has_not_grown(growth, "slab, kB", NOISE(board), slab) &&
	       has_not_grown(growth, "of that unreclaimable, kB", NOISE(board), unreclaimable),
	       "the kernel's memory does not grow");
	report(has_not_grown(growth, "resident memory of the readers, kB", NOISE(board), resident),
	       "the readers' memory does not grow");
	report(has_not_grown(growth, "open files of the system", 64, files),
	       "the number of open files does not grow");
}
