// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench [OPTION...]: what reading and writing another process's memory costs
 * through the driver, beside the kernel's own ways, and beside memcpy() here,
 * which no way can be better than.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "goal.h"
#include "json.h"
#include "repeat.h"
#include "suite.h"
#include "text.h"

struct options {
	bool icount, json, watches;
	const char *repeat;
	enum pages pages;
};

static const char usage[] =
	"Usage: bench [OPTION...]\n"
	"       bench --repeat read|write|readv|writev [--huge] AMOUNT\n"
	"\n"
	"  -i, --icount  the clock counts instructions, as tests/vm/run --icount has it:\n"
	"                figures have to repeat, and the driver must not be slower\n"
	"  -j, --json    figures as JSON; the tables go to standard error\n"
	"  -w, --watches  only their tables\n"
	"  -r, --repeat  nothing but one and the same call, for ever\n"
	"  -H, --huge    on huge pages\n";

static bool parse(struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ "icount", no_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ "watches", no_argument, NULL, 'w' },
		{ "repeat", required_argument, NULL, 'r' },
		{ "huge", no_argument, NULL, 'H' },
		{ },
	};
	int option;

	while ((option = getopt_long(argc, argv, "ijwr:H", known, NULL)) != -1) {
		switch (option) {
		case 'i': options->icount = true; break;
		case 'j': options->json = true; break;
		case 'w': options->watches = true; break;
		case 'r': options->repeat = optarg; break;
		case 'H': options->pages = HUGE; break;
		default: return false;
		}
	}
	return argc - optind == (options->repeat ? 1 : 0);
}

/* Only instructions are the same on any machine at any time. */
static bool is_good(const struct suite *suite)
{
	if (!suite->pace->repeats)
		return true;
	for (size_t i = 0; i < suite->count; i++) {
		for (enum way_id way = 0; way < WAYS; way++) {
			if (goal_is_slower(&suite->lines[i], way))
				return false;
		}
	}
	return suite->agree && watch_is_free(&suite->watches);
}

static int run_watches(const struct pace *pace)
{
	static struct suite suite;

	suite.pace = pace;
	watch_measure(&suite.watches, pace);
	text_print_watches(stdout, &suite);
	return 0;
}

static int run(const struct options *options)
{
	static struct suite suite;

	const struct pace *pace = options->icount ? &pace_instructions : &pace_time;

	if (options->icount)
		clock_wait();
	if (options->watches)
		return run_watches(pace);
	suite_prepare(&suite, pace);
	suite_check(&suite);
	suite_measure(&suite);
	text_print(options->json ? stderr : stdout, &suite);
	if (options->json && !json_print(stdout, &suite))
		err(1, "JSON");
	return !is_good(&suite);
}

int main(int argc, char **argv)
{
	struct options options = { .pages = BASE };

	if (parse(&options, argc, argv)) {
		if (sysconf(_SC_PAGESIZE) != 4096)
			errx(1, "these tables are for pages of 4 KiB");
		if (!options.repeat)
			return run(&options);
		repeat(options.repeat, argv[optind], options.pages);
	}
	fputs(usage, stderr);
	return 2;
}
