// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes: each keeps some of the matches there are.
 */

#include <errno.h>
#include <string.h>

#include "command.h"
#include "console_commands.h"
#include "hold.h"
#include "progress.h"

/* Return: 0, or the exit status after a report. */
static int explain(const struct console *console, const struct condition *condition)
{
	const struct console_scan *scan = console_scan(console);
	const char *types = match_types_name(memrw_scan_types(scan->scan));

	switch (errno) {
	case EINVAL:
		if (condition_is_relative(condition) && !memrw_scan_started(scan->scan))
			return console_complain(console, 0, "there is nothing yet to compare with: begin with '?' or '= VALUE'");
		if (condition->value)
			return console_complain_at(console, condition->column,
						   "not for type %s here, or '%.40s' is no such value",
						   types, condition->value);
		return console_complain(console, 0, "not for type %s here", types);
	case ERANGE:
		return console_complain_at(console, condition->column, "it does not fit type %s", types);
	case EMSGSIZE:
		return console_complain_at(console, condition->column, memrw_scan_started(scan->scan) ?
					   "it is not as long as what was searched for first" :
					   "it is longer than %d bytes", MEMRW_SCAN_LENGTH_MAX);
	case ENOENT:
		return console_complain(console, 1, "there is no snapshot '%.40s'", condition->snapshot);
	default:
		return console_fail(console, "%s", console_reason(errno));
	}
}

/* Return: as memrw_scan_run(). */
static int run(struct memrw_scan *scan, const struct memrw_scan_condition *condition)
{
	struct progress progress;
	int result, error;

	progress_begin(&progress);
	memrw_scan_set_progress(scan, progress_report, &progress, PROGRESS_INTERVAL_MS);
	result = memrw_scan_run(scan, condition);
	error = errno;
	memrw_scan_set_progress(scan, NULL, NULL, PROGRESS_INTERVAL_MS);
	progress_end(&progress);
	errno = error;
	return result;
}

/* The target is held for the pass alone, and let go before anything is said. */
static int run_held(struct console *console, const struct condition *condition,
		    const struct memrw_scan_condition *wanted)
{
	struct hold *hold = console->stop ? hold_begin_reported(console->target) : NULL;
	int result, error, status;

	if (console->stop && !hold)
		return STATUS_FAILED;
	result = run(console_scan(console)->scan, wanted);
	error = errno;
	status = hold ? hold_end_reported(hold) : STATUS_DONE;
	errno = error;
	if (result < 0)
		return explain(console, condition);
	numbering_clear(&console_scan(console)->numbering);
	return status;
}

static int run_condition(struct console *console, const struct condition *condition,
			 const struct memrw_region_filter *pointees)
{
	const struct memrw_scan_condition wanted = {
		.size = sizeof(wanted),
		.op = condition->op,
		.value = condition->value,
		.upper = condition->upper,
		.snapshot = condition->snapshot,
		.pointees = pointees,
	};
	int status = run_held(console, condition, &wanted);

	return status ? status : console_show_count(console);
}

static int run_pointers(struct console *console, const struct condition *condition)
{
	struct memrw_region_filter *filter = memrw_region_filter_open();
	int status;

	if (!filter)
		return console_fail(console, "%s", strerror(errno));
	status = console_add_terms(console, condition->pointees, filter);
	if (!status)
		status = run_condition(console, condition, filter);
	memrw_region_filter_close(filter);
	return status;
}

int console_pass(struct console *console)
{
	struct console_error error;
	struct condition condition;
	int status;

	/* It was parsed before, in vain only without memory. */
	if (condition_parse(&condition, console->line, &error) < 0)
		return console_fail(console, "%s", error.why[0] ? error.why : strerror(ENOMEM));
	status = condition.op == MEMRW_SCAN_POINTS_INTO ?
		run_pointers(console, &condition) :
		run_condition(console, &condition, NULL);
	condition_clear(&condition);
	return status;
}

int console_undo(struct console *console)
{
	struct console_scan *scan = console_scan(console);

	if (memrw_scan_undo(scan->scan) < 0)
		return console_fail(console, "%s", errno == ENOENT ? "no step back is kept" :
				    strerror(errno));
	numbering_clear(&scan->numbering);
	return console_show_count(console);
}

int console_reset(struct console *console)
{
	struct console_scan *scan = console_scan(console);

	memrw_scan_reset(scan->scan);
	numbering_clear(&scan->numbering);
	return console_show_count(console);
}
