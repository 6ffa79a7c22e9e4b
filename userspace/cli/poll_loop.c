// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/param.h>

#include "clock.h"
#include "command.h"
#include "json.h"
#include "output.h"
#include "poll_loop.h"
#include "target_end.h"
#include "transfer.h"
#include "value_text.h"
#include "wait_signal.h"

/* A sleep takes longer than it is told: shorter ones are spun away. */
#define SLEEP_LEAST	(100 * MICROSECOND)

/* How often, at least, signals and the end of the target are looked for. */
#define CHECK_INTERVAL	(10 * MILLISECOND)

/*
 * Printing: each function returns 0, or -1 if nobody listens
 */

static int show_json(const struct poll_loop *loop, const struct watched *value, double time)
{
	return json_print_line(json_pack("{s:f,s:o,s:o,s:b}", "time", time,
					 "address", json_address(value->address), "value",
					 value->readable ?
						 json_value(loop->type, value->value) :
						 json_null(),
					 "window", value->through_window));
}

static int show(const struct poll_loop *loop, const struct watched *value, int64_t now)
{
	double time = (now - loop->start) / (double)SECOND;

	if (loop->json)
		return show_json(loop, value, time);
	printf("%.6f\t0x%" PRIx64 "\t", time, value->address);
	if (value->readable)
		value_print(loop->type, value->value);
	else
		putchar('?');
	putchar('\n');
	return 0;
}

static int show_head(const struct poll_loop *loop)
{
	json_t *head;

	if (!loop->json)
		return 0;
	head = json_target(loop->target);
	json_object_set_new(head, "type", json_string(memrw_type_name(loop->type)));
	return json_print_line(head);
}

static int end(const struct poll_loop *loop, const char *why, int status)
{
	if (loop->json && json_print_line(json_pack("{s:s}", "end", why)) < 0)
		status = STATUS_FAILED;
	return output_flush() < 0 ? STATUS_FAILED : status;
}

/*
 * Looking
 */

static int end_of_target(const struct poll_loop *loop, int error)
{
	return end(loop, target_end_report(loop->target, error), STATUS_FAILED);
}

/* A value that cannot be read at first is a mistake of the user's. */
static int check_value(const struct watched *value)
{
	struct transfer transfer = {
		.target = value->target,
		.flags = value->flags,
		.address = value->address,
		.remaining = value->length,
	};

	if (value->readable)
		return STATUS_DONE;
	transfer_read(&transfer, value->seen, value->length);
	if (!transfer.error)
		return STATUS_DONE;
	transfer_report(&transfer, false);
	return STATUS_FAILED;
}

/* Return: 1 if something was printed, or 0; -1 with the exit status. */
static int look_at(const struct poll_loop *loop, struct watched *value, int64_t now,
		   int *status)
{
	int changed = watched_look(value, now);

	if (changed < 0)
		*status = end_of_target(loop, errno);
	else if (now == loop->start)
		*status = check_value(value);
	if (*status)
		return -1;
	if (loop->changed && !changed)
		return 0;
	if (show(loop, value, now) == 0)
		return 1;
	*status = STATUS_FAILED;
	return -1;
}

/*
 * Time
 */

/*
 * struct run - a loop under way
 * @due: when the values are looked at next
 * @check: when it is looked whether there is an end to it
 * @last: when it is over
 * @samples: how many there were
 * @status: the exit status, once it is over
 */
struct run {
	const struct poll_loop *loop;
	int64_t due;
	int64_t check;
	int64_t last;
	uint64_t samples;
	int status;
};

static bool is_over(struct run *run, const char *why)
{
	run->status = end(run->loop, why, STATUS_DONE);
	return true;
}

/* Return: true if that was the last. */
static bool take_sample(struct run *run, int64_t now)
{
	const struct poll_loop *loop = run->loop;
	int printed = 0, one;

	if (now < run->due)
		return false;
	for (size_t i = 0; i < loop->count; i++) {
		one = look_at(loop, &loop->values[i], now, &run->status);
		if (one < 0)
			return true;
		printed |= one;
	}
	if (printed && output_flush() < 0) {
		run->status = STATUS_FAILED;
		return true;
	}
	run->samples += printed;
	if (loop->samples && run->samples >= loop->samples)
		return is_over(run, "count");
	/* Times that were missed are not made up for. */
	run->due += ((now - run->due) / loop->interval + 1) * loop->interval;
	return false;
}

static bool check_end(struct run *run, int64_t now)
{
	int gone;

	if (now >= run->last)
		return is_over(run, "timeout");
	if (now < run->check)
		return false;
	run->check = now + CHECK_INTERVAL;
	if (wait_signal_until(now))
		return is_over(run, "signal");
	gone = target_end(run->loop->target);
	if (gone)
		run->status = end_of_target(run->loop, gone);
	return gone;
}

/* Not for long: that the target is gone is not to be seen an hour later. */
static bool wait_until_due(struct run *run)
{
	int64_t now = clock_now(), time = MIN(MIN(run->due, run->last), now + SECOND);

	return time - now >= SLEEP_LEAST && wait_signal_until(time) && is_over(run, "signal");
}

int poll_loop_run(struct poll_loop *loop)
{
	int64_t now = clock_now();
	struct run run = {
		.loop = loop,
		.due = now,
		.check = now,
		.last = loop->time ? now + loop->time : INT64_MAX,
	};

	loop->start = now;
	if (show_head(loop) < 0)
		return STATUS_FAILED;
	while (!take_sample(&run, now) && !check_end(&run, now) && !wait_until_due(&run))
		now = clock_now();
	return run.status;
}
