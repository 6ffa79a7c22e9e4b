/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options: the common ones, and one way to complain about them.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "memrw.h"

/** enum target_choice - how the target was chosen */
enum target_choice {
	CHOICE_OPERAND,		/* a process ID, or a name */
	CHOICE_PID,		/* --pid */
	CHOICE_WAIT,		/* --wait */
};

/**
 * struct options - the options of a subcommand
 * @subcommand: its name
 * @help: what --help prints
 * @short_options: as getopt(3) has them, with ":" first (or "+:", where
 *	options end at the first operand)
 * @long_options: OPTIONS_HELP among them
 * @choice: out: --pid, --wait or neither
 * @chosen: out: the argument of that, or NULL
 * @timed: out: --timeout was given
 * @timeout_ms: out: likewise, milliseconds
 * @via: out: --via
 * @force: out: --force
 * @json: out: --json
 * @status: out: the exit status, where options_next() ended the program
 */
struct options {
	const char *subcommand;
	const char *help;
	const char *short_options;
	const struct option *long_options;
	enum target_choice choice;
	const char *chosen;
	bool timed;
	int64_t timeout_ms;
	enum memrw_backend via;
	bool force;
	bool json;
	int status;
};

/* Long options for the tables of subcommands. */
enum {
	OPTION_VIA = 0x100,
	OPTION_FORCE,
	OPTION_JSON,
	OPTION_RAW,
	OPTION_IF_EQUAL,
	OPTION_PID,
	OPTION_WAIT,
	OPTION_TIMEOUT,
	OPTION_COLOR,
	OPTION_ALL,
	OPTION_REGION,
	OPTION_RANGE,
	OPTION_CORE,
	OPTION_STOP,
	OPTION_SUMMARY,
	OPTION_EXIT_CODE,
	OPTION_INTERVAL,
	OPTION_MIN,
	OPTION_MAX,
	OPTION_DURATION,
	OPTION_CHANGED,
	OPTION_EQUAL,
	OPTION_CROSS,
	OPTION_ONCE_PER_IP,
	OPTION_EVERY,
	OPTION_CAPACITY,
	OPTION_IP,
	OPTION_CALLERS,
	OPTION_REGISTERS,
	OPTION_STDIO,
	OPTION_ALLOW_REMOTE,
	OPTION_PICTURE,
	OPTION_READ_ONLY,
};

/* For options_target() to heed. */
#define OPTIONS_CHOICE							\
	{ "pid", required_argument, NULL, OPTION_PID },			\
	{ "wait", required_argument, NULL, OPTION_WAIT },		\
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT }
#define OPTIONS_TARGET							\
	OPTIONS_CHOICE,							\
	{ "via", required_argument, NULL, OPTION_VIA },			\
	{ "force", no_argument, NULL, OPTION_FORCE }
#define OPTIONS_JSON	{ "json", no_argument, NULL, OPTION_JSON }
#define OPTIONS_HELP							\
	{ "color", required_argument, NULL, OPTION_COLOR },		\
	{ "help", no_argument, NULL, 'h' }, { 0 }

/* Their lines in --help. */
#define HELP_CHOICE							\
	"      --pid=PID       the process of that ID, in place of TARGET\n" \
	"      --wait=NAME     the process of that name, in place of TARGET; where there\n" \
	"                        is none, wait until it starts\n" \
	"      --timeout=SECONDS  give up waiting after so long\n"
#define HELP_VIA							\
	"      --via=BACKEND   auto (the driver where it can be used, else procfs),\n" \
	"                        driver or procfs\n"
#define HELP_FORCE							\
	"      --force         ignore page protection, as a debugger does\n"
#define HELP_JSON							\
	"      --json          print JSON\n"
#define HELP_HELP							\
	"      --color=WHEN    auto (on a terminal), always or never\n"	\
	"  -h, --help          print this help\n"
#define HELP_TARGET							\
	"TARGET is a process ID, or the name of one process (name:7 for one called 7).\n"
#define HELP_ADDRESS							\
	"ADDRESS is a number, a MODULE, [heap] and the like, SYMBOL, MODULE:SYMBOL, sums\n" \
	"and differences of these, or in brackets the pointer there: [[game+0x10]+8]-4.\n"

#define OPTIONS_END	(-1)
#define OPTIONS_STOP	(-2)

/**
 * options_next() - the next option that is the subcommand's own
 *
 * The common options are taken care of.
 *
 * Return: its letter or OPTION_ number; OPTIONS_END after the last one;
 * OPTIONS_STOP where the program is to end with @options->status.
 */
int options_next(struct options *options, int argc, char **argv);

/**
 * options_each() - all of them
 * @take: gets @request and each that is the subcommand's own, with optarg, and
 *	returns 0, or the exit status after a report
 *
 * Return: OPTIONS_END; or OPTIONS_STOP, with the exit status in @options.
 */
int options_each(struct options *options, int argc, char **argv,
		 int (*take)(void *request, int option), void *request);

/**
 * options_keep_help() - from now on, --help is stored and not printed
 * @help: where to; NULL: it is printed again
 */
void options_keep_help(const char **help);

/**
 * options_target() - TARGET: of --pid or --wait, or else the first operand
 * @options: of the subcommand, after options_next() has come to the end
 * @count: of the operands; one less where TARGET was one of them
 * @operands: the operands; likewise the next one
 * @target: out: for target_open()
 *
 * Return: 0, or the exit status after a report.
 */
int options_target(struct options *options, int *count, char ***operands,
		   const char **target);

/**
 * options_number() - an operand or argument that is a number above 0
 * @options: of the subcommand, which is reported
 * @what: "LENGTH" and the like
 * @text: the number
 * @number: out
 *
 * Return: 0, or the exit status after a report.
 */
int options_number(const struct options *options, const char *what,
		   const char *text, uint64_t *number);

/**
 * options_time() - likewise, of a time
 * @text: NULL where it was not given
 * @unit: nanoseconds
 * @time: out: nanoseconds; untouched where there is no @text
 *
 * Return: 0, or the exit status after a report.
 */
int options_time(const struct options *options, const char *what,
		 const char *text, int64_t unit, int64_t *time);

#endif /* CLI_OPTIONS_H */
