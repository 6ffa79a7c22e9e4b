// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm [OPTION...]: targets that change and end in all ways, while many threads
 * of several processes do with the driver whatever can be done, and the driver
 * itself comes and goes.  Nobody may ever see memory that is not its target's.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/chance.h"
#include "lib/device.h"
#include "lib/figure.h"
#include "lib/report.h"
#include "lib/shared.h"
#include "storm/board.h"
#include "storm/keeper.h"
#include "storm/leftovers.h"
#include "storm/minder.h"
#include "storm/result.h"
#include "storm/target.h"

/* Few pids, so that they are soon used again. */
#define PIDS		"700"

#define PID_MAX		"/proc/sys/kernel/pid_max"
#define KSM		"/sys/kernel/mm/ksm/run"

struct options {
	unsigned int seconds, stuck;
};

static const char usage[] =
	"Usage: storm [OPTION...]\n"
	"\n"
	"  -s, --seconds N    (120)\n"
	"  -S, --stuck N      seconds that no call may take (60)\n"
	"\n"
	"MEMRW_SEED in the environment is the seed of what is done in which order.\n";

static bool parse(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "stuck", required_argument, NULL, 'S' },
		{ },
	};
	int option;

	while ((option = getopt_long(argc, argv, "s:S:", known, NULL)) != -1) {
		switch (option) {
		case 's': options->seconds = atoi(optarg); break;
		case 'S': options->stuck = atoi(optarg); break;
		default: return false;
		}
	}
	return optind == argc && options->seconds && options->stuck;
}

static void reset(struct board *board, uint64_t seed)
{
	int fd = board->fd;
	struct stat node;

	/* The bindings are of memory that was not used yet. */
	memset(board, 0, offsetof(struct board, bindings));
	if (stat(MEMRW_NODE, &node))
		err(1, "%s", MEMRW_NODE);
	board->fd = fd;
	board->seed = seed;
	board->group = node.st_gid;
	board->next_id = 1;
}

static struct board *make_board(void)
{
	struct board *board;
	int fd;

	board = shared_create(sizeof(*board), &fd);
	board->fd = fd;
	return board;
}

static bool at_once(const struct board *board)
{
	(void)board;
	return true;
}

/* A little storm first: what is allocated only once is there before anything is compared. */
static void storm(struct board *board, const struct options *options, uint64_t seed)
{
	static struct leftovers before;

	reset(board, ~seed);
	keeper_run(board, 5, options->stuck, at_once);
	minder_restore();
	if (board->failures)
		report_note("FAILURE: %s", board->failure[0]);
	report(!board->failures, "five seconds go by without a failure");
	leftovers_begin(&before);
	reset(board, seed);
	keeper_run(board, options->seconds, options->stuck, result_is_complete);
	result_report(board);
	minder_restore();
	leftovers_report(&before);
}

/* So much as is told of the machine, it gets back. */
static int storm_with_settings(const struct options *options)
{
	uint64_t seed = chance_seed_of_run();
	long pids = figure(PID_MAX, NULL);
	char was[24];
	struct board *board = make_board();

	report_note("MEMRW_SEED=%lu, %u seconds", (unsigned long)seed, options->seconds);
	snprintf(was, sizeof(was), "%ld", pids);
	figure_set(PID_MAX, PIDS);
	figure_set(KSM, "1");
	storm(board, options, seed);
	figure_set(KSM, "2");
	figure_set(PID_MAX, was);
	return report_end();
}

/* A target after execve(): storm --target FD SLOT. */
static _Noreturn void be_target(char **argv)
{
	struct board *board = shared_attach(atoi(argv[2]), sizeof(*board));

	target_run(board, atoi(argv[3]));
}

int main(int argc, char **argv)
{
	struct options options = { 120, 60 };

	if (argc == 4 && !strcmp(argv[1], "--target"))
		be_target(argv);
	if (!parse(&options, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	return storm_with_settings(&options);
}
