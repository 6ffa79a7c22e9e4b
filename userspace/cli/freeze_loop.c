// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "clock.h"
#include "command.h"
#include "freeze_loop.h"
#include "report.h"
#include "target_end.h"
#include "transfer.h"
#include "wait_signal.h"

static int report_error(const struct freeze_loop *loop, int error)
{
	struct transfer transfer = {
		.target = loop->target,
		.flags = loop->flags,
		.address = loop->freeze.address,
		.error = error,
	};

	transfer_report(&transfer, true);
	return STATUS_FAILED;
}

static bool target_is_gone(struct freeze_loop *loop, struct freezer *freezer)
{
	int end = freezer_ended(freezer);

	if (!end)
		end = target_end(loop->target);
	if (end)
		loop->end = target_end_report(loop->target, end);
	return end;
}

/* That the target is gone is not to be seen an hour later. */
static int64_t wake_up(int64_t now, int64_t next, int64_t end)
{
	int64_t time = next < now + SECOND ? next : now + SECOND;

	return time < end ? time : end;
}

static int loop_on(struct freeze_loop *loop, struct freezer *freezer, int64_t number)
{
	int64_t end = loop->time ? clock_now() + loop->time : INT64_MAX, now, next;
	struct freeze_status value = { 0 };

	do {
		now = clock_now();
		next = freezer_step(freezer, now);
		freezer_status(freezer, number, &value);
		loop->writes = value.writes;
		if (target_is_gone(loop, freezer))
			return STATUS_DONE;
		if (value.error)
			return report_error(loop, value.error);
		if (now >= end) {
			loop->end = "timeout";
			return STATUS_DONE;
		}
	} while (!wait_signal_until(wake_up(now, next, end)));
	loop->end = "signal";
	return STATUS_DONE;
}

int freeze_loop_run(struct freeze_loop *loop)
{
	struct freezer *freezer = freezer_open(loop->target, loop->flags);
	int64_t number = freezer ? freezer_add(freezer, &loop->freeze) : -1;
	int status = STATUS_FAILED;

	if (number < 0)
		report("freeze", "%s", strerror(errno));
	else
		status = loop_on(loop, freezer, number);
	freezer_close(freezer);
	return status;
}
