// SPDX-License-Identifier: GPL-2.0-only

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

#define WIDTH	30

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* No SA_RESTART: what waits, for a line of input say, is to see it. */
void progress_catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = interrupt };

	sigaction(SIGINT, &action, NULL);
}

void progress_forget_interrupt(void)
{
	interrupted = 0;
}

bool progress_interrupted(void)
{
	return interrupted;
}

void progress_begin(struct progress *progress)
{
	*progress = (struct progress){ .start = clock_now() };
}

static void format_rate(char *text, size_t size, double rate)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	size_t unit = 0;

	while (rate >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		rate /= 1024;
		unit++;
	}
	snprintf(text, size, "%.1f %s/s", rate, units[unit]);
}

void progress_format(char *text, size_t size, uint64_t done, uint64_t total,
		     int64_t elapsed)
{
	double seconds = elapsed / (double)SECOND;
	double part = total ? (double)done / total : 1;
	double left = part > 0 ? seconds / part - seconds : 0;
	char bar[WIDTH + 1], rate[32];

	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < (int)(part * WIDTH) ? '#' : ' ';
	bar[WIDTH] = '\0';
	format_rate(rate, sizeof(rate), seconds > 0 ? done / seconds : 0);
	snprintf(text, size, "[%s] %3d%%  %s  %.0f s left", bar, (int)(part * 100), rate, left);
}

int progress_report(void *data, uint64_t done, uint64_t total)
{
	struct progress *progress = data;
	int64_t elapsed = clock_now() - progress->start;
	char text[128];

	if (elapsed > SECOND && isatty(STDERR_FILENO)) {
		progress_format(text, sizeof(text), done, total, elapsed);
		/* The rest of the line may be what is left of a longer one. */
		fprintf(stderr, "\r%s\033[K", text);
		progress->shown = true;
	}
	return interrupted;
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
