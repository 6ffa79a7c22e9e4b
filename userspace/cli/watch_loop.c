// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "clock.h"
#include "command.h"
#include "output.h"
#include "report.h"
#include "target_end.h"
#include "wait_signal.h"
#include "watch_loop.h"

/* How many hits are taken at once. */
#define HITS	64

/*
 * struct run - a loop under way
 * @last: when it is over
 * @end: why it is; NULL while it is not
 * @status: the exit status
 */
struct run {
	const struct watch_loop *loop;
	int64_t last;
	const char *end;
	int status;
	struct memrw_hit hits[HITS];
};

static void end(struct run *run, const char *why, int status)
{
	run->end = why;
	run->status = status;
}

/* The watch has ended by itself. */
static void end_of_watch(struct run *run)
{
	struct watch_view *view = run->loop->view;
	enum memrw_watch_ending ending;
	uint64_t lost = 0;

	ending = memrw_watch_ending(run->loop->watch, &lost);
	watch_view_lost(view, lost);
	if (ending == MEMRW_ENDING_LIMIT)
		end(run, "count", STATUS_DONE);
	else
		end(run, target_end_report(view->target, ending == MEMRW_ENDING_EXECED ?
					   ESTALE : ESRCH), STATUS_FAILED);
}

/* Return: how many there were, until there is none for now; -1 after a report. */
static ssize_t take_hits(struct run *run)
{
	ssize_t count = memrw_watch_read(run->loop->watch, run->hits, HITS, 0);

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (count < 0)
		report("watch", "%s", strerror(errno));
	if (count == 0)
		end_of_watch(run);
	for (ssize_t i = 0; i < count; i++) {
		if (watch_view_hit(run->loop->view, &run->hits[i]) < 0)
			return -1;
	}
	return output_flush() < 0 ? -1 : count;
}

/* The user wants an end, and the hits until now; more may come all the time. */
static void take_the_rest(struct run *run)
{
	int64_t now = clock_now();
	ssize_t count;

	do {
		count = take_hits(run);
	} while (count > 0 && run->hits[count - 1].time < now);
	if (count < 0)
		run->status = STATUS_FAILED;
}

/* That there are hits is told once: until one has taken them all, there is no waiting. */
static bool wait_for_hits(const struct run *run, bool none)
{
	int64_t soon = MIN(run->last, clock_now() + SECOND);

	return none ? wait_signal_or_readable(memrw_watch_fd(run->loop->watch), soon) :
		      wait_signal_until(0);
}

/* @none: there was no hit to take. */
static bool is_over(struct run *run, bool none)
{
	bool signal = wait_for_hits(run, none);

	if (!signal && clock_now() < run->last)
		return false;
	take_the_rest(run);
	if (!run->end)
		run->end = signal ? "signal" : "timeout";
	return true;
}

int watch_loop_run(const struct watch_loop *loop)
{
	struct run run = {
		.loop = loop,
		.last = loop->time ? loop->view->start + loop->time : INT64_MAX,
	};
	ssize_t count;

	if (watch_view_head(loop->view) < 0 || output_flush() < 0)
		return STATUS_FAILED;
	do {
		count = take_hits(&run);
	} while (count >= 0 && !run.end && !is_over(&run, count == 0));
	if (count < 0)
		return STATUS_FAILED;
	if (watch_view_end(loop->view, run.end) < 0 || output_flush() < 0)
		return STATUS_FAILED;
	return run.status;
}
