// SPDX-License-Identifier: GPL-2.0-only
/*
 * load [OPTION...]: many sessions on many targets from many processes, for a
 * long time: no error, nothing that grows, and what it costs the targets,
 * beside what the same work costs them through the kernel's own system calls.
 */
#include <err.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/chance.h"
#include "lib/clock.h"
#include "lib/figure.h"
#include "lib/report.h"
#include "lib/shared.h"
#include "lib/slab.h"
#include "load/board.h"
#include "load/growth.h"
#include "load/reader.h"
#include "load/target.h"

struct options {
	unsigned int seconds, baseline;
	unsigned int sessions, targets, processes;
};

/* What was measured in a phase. */
struct run {
	double seconds;
	struct gaps late, waits;
	struct growth growth;
};

static const char usage[] =
	"Usage: load [OPTION...]\n"
	"\n"
	"  -s, --seconds N    of load through the driver (20)\n"
	"  -b, --baseline N   seconds without load, and with that of process_vm_readv()\n"
	"                     and _writev() (as many as of load, 60 at most)\n"
	"  -S, --sessions N   (1000)\n"
	"  -t, --targets N    (100)\n"
	"  -p, --processes N  that have the sessions (50)\n"
	"\n"
	"MEMRW_SEED in the environment is the seed of what is done in which order.\n";

static bool set_option(struct options *options, int option)
{
	unsigned int number = atoi(optarg ? optarg : "");

	switch (option) {
	case 's': options->seconds = number; break;
	case 'b': options->baseline = number; break;
	case 'S': options->sessions = number; break;
	case 't': options->targets = number; break;
	case 'p': options->processes = number; break;
	default: return false;
	}
	return number > 0;
}

static bool parse(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "baseline", required_argument, NULL, 'b' },
		{ "sessions", required_argument, NULL, 'S' },
		{ "targets", required_argument, NULL, 't' },
		{ "processes", required_argument, NULL, 'p' },
		{ },
	};
	int option;

	while ((option = getopt_long(argc, argv, "s:b:S:t:p:", known, NULL)) != -1) {
		if (!set_option(options, option))
			return false;
	}
	if (!options->baseline)
		options->baseline = options->seconds < 60 ? options->seconds : 60;
	return optind == argc && options->targets <= TARGETS_MAX &&
	       options->processes <= READERS_MAX;
}

/* It ends with this process. */
static pid_t start(struct board *board, unsigned int number,
		   void (*run)(struct board *board, unsigned int number))
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		run(board, number);
	_exit(1);
}

static void wait_for(struct board *board, unsigned int ready)
{
	for (int i = 0; board->ready < ready; i++) {
		if (i == 6000)
			errx(1, "only %u processes of %u came up", board->ready, ready);
		clock_sleep(SECOND / 100);
	}
}

static void start_all(struct board *board)
{
	for (unsigned int i = 0; i < board->targets; i++)
		board->target[i].pid = start(board, i, target_run);
	wait_for(board, board->targets);
	for (unsigned int i = 0; i < board->readers; i++)
		board->reader[i].pid = start(board, i, reader_run);
	wait_for(board, board->targets + board->readers);
}

/* Whether all have ended as they should. */
static bool stop_all(struct board *board)
{
	unsigned int good = 0;
	int status;

	board->over = true;
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return good == board->targets + board->readers;
}

/*
 * Samples are taken from a tenth of the time on, when all that is used was used
 * once, and in each phase alike, for they cost time, too.
 */
static void run_phase(struct board *board, enum phase phase, unsigned int seconds,
		      struct run *run)
{
	uint64_t begin = clock_now(), length = seconds * SECOND;
	unsigned int samples = seconds < GROWTH_SAMPLES ? seconds : GROWTH_SAMPLES;

	board->phase = phase;
	for (unsigned int i = 0; i < samples; i++) {
		uint64_t at = begin + length / 10 + length * 9 / 10 * i / samples;

		if (at > clock_now())
			clock_sleep(at - clock_now());
		growth_sample(&run->growth, board);
	}
	if (begin + length > clock_now())
		clock_sleep(begin + length - clock_now());
	board->phase = PAUSE;
	run->seconds += (clock_now() - begin) / (double)SECOND;
	clock_sleep(SECOND / 2);
}

static void merge(const struct board *board, enum phase phase, struct run *run)
{
	for (unsigned int i = 0; i < board->targets; i++) {
		gaps_merge(&run->late, &board->target[i].late[phase]);
		gaps_merge(&run->waits, &board->target[i].waits[phase]);
	}
}

static uint64_t calls_of_all(const struct board *board, enum phase phase)
{
	uint64_t calls = 0;

	for (unsigned int i = 0; i < board->readers; i++)
		calls += board->reader[i].calls[phase];
	return calls;
}

static void note_gaps(const char *what, const struct gaps *gaps)
{
	report_note("  %-26s %10.2f %10.2f %10.2f %10.2f", what, gaps_quantile(gaps, 0.5) / 1e6,
		    gaps_quantile(gaps, 0.99) / 1e6, gaps_quantile(gaps, 0.999) / 1e6,
		    gaps->longest / 1e6);
}

static void note_phase(const struct board *board, enum phase phase, const struct run *run)
{
	static const char *const names[] = {
		[IDLE] = "no load",
		[KERNEL] = "process_vm_readv, _writev",
		[DRIVER] = "memrw",
	};

	report_note("%s: %.0f s, %.0f calls and %.0f passes of targets a second", names[phase],
		    run->seconds, calls_of_all(board, phase) / run->seconds,
		    run->late.count / run->seconds);
	note_gaps("late, ms", &run->late);
	note_gaps("waits for memory, ms", &run->waits);
}

/*
 * How late targets come is decided by the scheduler, above all, and by what else
 * the machine does: the driver may cost them something more than the kernel's
 * own system calls do, but not twice as much.
 */
static void report_stalls(const struct board *board, const struct run *runs)
{
	report_note("  %-26s %10s %10s %10s %10s", "", "p50", "p99", "p99.9", "longest");
	for (enum phase phase = IDLE; phase < PHASES; phase++)
		note_phase(board, phase, &runs[phase]);
	report(gaps_quantile(&runs[DRIVER].late, 0.99) <=
	       2 * gaps_quantile(&runs[KERNEL].late, 0.99) + 5000000,
	       "targets are no more than twice as late as with process_vm_readv");
	report(gaps_quantile(&runs[DRIVER].waits, 0.999) <=
	       2 * gaps_quantile(&runs[KERNEL].waits, 0.999) + 5000000,
	       "targets wait for their memory no more than twice as long as with it");
}

static void report_work(const struct board *board, bool ended)
{
	uint64_t words = 0, sent = 0, arrived = 0, wrong = 0;

	for (unsigned int i = 0; i < board->readers; i++) {
		words += board->reader[i].words;
		sent += board->reader[i].added;
	}
	for (unsigned int i = 0; i < board->targets; i++) {
		arrived += board->added[i];
		wrong += board->target[i].wrong;
	}
	if (board->failures)
		report_note("%lu failures; the first: %s", board->failures, board->failure);
	report(ended, "all processes end as they should");
	report(!board->failures && calls_of_all(board, DRIVER),
	       "%lu calls, none of which fails; %lu words are what they should be",
	       (unsigned long)calls_of_all(board, DRIVER), (unsigned long)words);
	report(!wrong, "targets find in their memory what they should");
	report(sent == arrived && sent, "of %lu atomic additions %lu are there", (unsigned long)sent,
	       (unsigned long)arrived);
}

static void report_rest(const struct slab *before)
{
	static struct slab after;

	slab_take(&after);
	report(figure_module_references() == 0, "no reference to the module is left");
	report(figure_pins() == 0, "no page stays pinned");
	report(slab_has_not_grown(before, &after, 500, 32, 2048), "the kernel's memory is free again");
}

/* What it is compared with comes half before it and half behind it: machines change. */
static void measure(struct board *board, const struct options *options)
{
	static const enum phase order[] = { IDLE, KERNEL, DRIVER, KERNEL, IDLE };
	static struct run runs[PHASES];

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		run_phase(board, order[i], order[i] == DRIVER ? options->seconds :
			  (options->baseline + 1) / 2, &runs[order[i]]);
	for (enum phase phase = IDLE; phase < PHASES; phase++)
		merge(board, phase, &runs[phase]);
	report_work(board, stop_all(board));
	growth_report(&runs[DRIVER].growth, board);
	report_stalls(board, runs);
}

static struct board *make_board(const struct options *options)
{
	struct board *board = shared_create(sizeof(*board), NULL);

	board->targets = options->targets;
	board->readers = options->processes;
	board->sessions = options->sessions;
	board->seed = chance_seed_of_run();
	board->phase = PAUSE;
	report_note("MEMRW_SEED=%lu: %u sessions on %u targets from %u processes",
		    (unsigned long)board->seed, board->sessions, board->targets, board->readers);
	return board;
}

int main(int argc, char **argv)
{
	struct options options = { 20, 0, 1000, 100, 50 };
	static struct slab before;
	struct board *board;

	if (!parse(&options, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	board = make_board(&options);
	slab_take(&before);
	start_all(board);
	/* Among many that never rest, this one is to look at them in time. */
	setpriority(PRIO_PROCESS, 0, -20);
	measure(board, &options);
	report_rest(&before);
	return report_end();
}
