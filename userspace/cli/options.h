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

/**
 * struct options - the options of a subcommand
 * @subcommand: its name
 * @help: what --help prints
 * @short_options: as getopt(3) has them, with ":" first (or "+:", where
 *	options end at the first operand)
 * @long_options: OPTIONS_HELP among them
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
};

#define OPTIONS_TARGET							\
	{ "via", required_argument, NULL, OPTION_VIA },			\
	{ "force", no_argument, NULL, OPTION_FORCE }
#define OPTIONS_JSON	{ "json", no_argument, NULL, OPTION_JSON }
#define OPTIONS_HELP	{ "help", no_argument, NULL, 'h' }, { 0 }

/* Their lines in --help. */
#define HELP_VIA							\
	"      --via=BACKEND   auto (the driver where it can be used, else procfs),\n" \
	"                        driver or procfs\n"
#define HELP_FORCE							\
	"      --force         ignore page protection, as a debugger does\n"
#define HELP_JSON							\
	"      --json          print JSON\n"
#define HELP_HELP							\
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

#endif /* CLI_OPTIONS_H */
