// SPDX-License-Identifier: GPL-2.0-only
#include "storm/result.h"

#include <stdio.h>

#include "lib/report.h"

static void note_call(const struct board *board, enum call call)
{
	char line[256] = "";
	size_t length = 0;

	for (enum result result = DONE; result < RESULTS; result++) {
		if (board->results[call][result] && length < sizeof(line))
			length += snprintf(line + length, sizeof(line) - length, " %s %lu",
					   call_result_name(result),
					   (unsigned long)board->results[call][result]);
	}
	report_note("%-22s%s", call_name(call), line);
}

static void note_disturbances(const struct board *board)
{
	for (enum disturbance i = 0; i < DISTURBANCES; i++)
		report_note("targets: %-26s %lu", disturb_name(i),
			    (unsigned long)board->disturbances[i]);
}

static unsigned long calls(const struct board *board)
{
	unsigned long sum = 0;

	for (enum call call = 0; call < CALLS; call++) {
		for (enum result result = DONE; result < RESULTS; result++)
			sum += call == CALL_SEGMENT ? 0 : board->results[call][result];
	}
	return sum;
}

static bool all_calls_succeeded(const struct board *board)
{
	for (enum call call = 0; call < CALLS; call++) {
		if (!board->results[call][DONE])
			return false;
	}
	return true;
}

static bool all_disturbances_took_place(const struct board *board)
{
	for (enum disturbance i = 0; i < DISTURBANCES; i++) {
		if (!board->disturbances[i] && !disturb_is_optional(i))
			return false;
	}
	return true;
}

static bool all_were_disturbed(const struct board *board)
{
	return board->flips && board->busy && board->reloads && board->kills && board->signals;
}

static bool watches_hit_and_end(const struct board *board)
{
	return board->hits && board->ends;
}

bool result_is_complete(const struct board *board)
{
	return all_calls_succeeded(board) && all_disturbances_took_place(board) &&
	       all_were_disturbed(board) && watches_hit_and_end(board);
}

static unsigned long lives(const struct board *board)
{
	unsigned long sum = 0;

	for (int i = 0; i < SLOTS; i++)
		sum += board->lives[i];
	return sum;
}

void result_report(const struct board *board)
{
	for (enum call call = 0; call < CALLS; call++)
		note_call(board, call);
	note_disturbances(board);
	report_note("watches: %lu hits, %lu lost, %lu ends", (unsigned long)board->hits,
		    (unsigned long)board->lost_hits, (unsigned long)board->ends);
	report_note("%lu lives of targets, %lu processes killed, %lu signals", lives(board),
		    (unsigned long)board->kills, (unsigned long)board->signals);
	report_note("%lu changes of the policy; rmmod: busy %lu times, and done %lu times",
		    (unsigned long)board->flips, (unsigned long)board->busy,
		    (unsigned long)board->reloads);
	for (unsigned int i = 0; i < board->failures && i < FAILURES; i++)
		report_note("FAILURE: %s", board->failure[i]);
	report(!board->failures && board->own_words,
	       "%lu calls, %lu words read, %lu of which say whose they are: %u failures",
	       calls(board), (unsigned long)board->words, (unsigned long)board->own_words,
	       (unsigned int)board->failures);
	report(all_calls_succeeded(board), "each kind of call succeeds");
	report(all_disturbances_took_place(board), "targets do all that they can do");
	report(all_were_disturbed(board),
	       "the policy changes, the driver goes and comes back, processes are killed");
	report(watches_hit_and_end(board), "watches hit and end");
}
