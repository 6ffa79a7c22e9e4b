// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "color.h"
#include "command.h"
#include "options.h"
#include "report.h"

/* More than a hundred years are no time. */
#define TIME_MAX	(MILLISECOND << 42)

/* Where --help is kept rather than printed. */
static const char **kept_help;

void options_keep_help(const char **help)
{
	kept_help = help;
}

static int stop(struct options *options, int status)
{
	options->status = status;
	return OPTIONS_STOP;
}

/* getopt's own complaints do not name the subcommand. */
static int complain(struct options *options, int option, char **argv)
{
	const char *word = argv[optind - 1];
	const char *why = option == ':' ? "needs an argument" : "is not an option";

	/* A letter that is there but stands for a long option took an "=". */
	if (option == '?' && strncmp(word, "--", 2) == 0 && optopt != 0)
		why = "takes no argument";
	if (strncmp(word, "--", 2) == 0)
		return report_usage(options->subcommand, "'%s' %s", word, why);
	return report_usage(options->subcommand, "'-%c' %s", optopt, why);
}

static int parse_via(struct options *options, const char *name)
{
	static const enum memrw_backend backends[] = {
		MEMRW_BACKEND_AUTO, MEMRW_BACKEND_DRIVER, MEMRW_BACKEND_PROCFS,
	};

	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		if (strcmp(name, memrw_backend_name(backends[i])) == 0) {
			options->via = backends[i];
			return 0;
		}
	}
	return report_usage(options->subcommand,
			    "--via is auto, driver or procfs, not '%s'", name);
}

/*
 * The choice of a target
 */

static int parse_choice(struct options *options, enum target_choice choice, const char *chosen)
{
	if (options->choice != CHOICE_OPERAND && options->choice != choice)
		return report_usage(options->subcommand, "--pid and --wait exclude each other");
	options->choice = choice;
	options->chosen = chosen;
	return STATUS_DONE;
}

static int parse_timeout(struct options *options, const char *text)
{
	double seconds;

	/* As many as a timer can be set to, and not more. */
	if (memrw_value_parse(MEMRW_TYPE_F64, text, &seconds, sizeof(seconds)) < 0 ||
	    !(seconds >= 0 && seconds <= INT32_MAX))
		return report_usage(options->subcommand,
				    "--timeout '%s' is not a number of seconds", text);
	options->timeout_ms = seconds * 1000;
	options->timed = true;
	return STATUS_DONE;
}

int options_target(struct options *options, int *count, char ***operands,
		   const char **target)
{
	if (options->timed && options->choice != CHOICE_WAIT)
		return report_usage(options->subcommand, "--timeout needs a --wait");
	if (options->choice != CHOICE_OPERAND) {
		*target = options->chosen;
		return STATUS_DONE;
	}
	if (*count < 1)
		return report_usage(options->subcommand, "no TARGET given");
	*target = (*operands)[0];
	(*operands)++;
	(*count)--;
	return STATUS_DONE;
}

/*
 * All options
 */

/* Return: 0, the exit status after a report, or -1 for one of the subcommand's own. */
static int parse_common(struct options *options, int option)
{
	switch (option) {
	case OPTION_VIA:
		return parse_via(options, optarg);
	case OPTION_PID:
		return parse_choice(options, CHOICE_PID, optarg);
	case OPTION_WAIT:
		return parse_choice(options, CHOICE_WAIT, optarg);
	case OPTION_TIMEOUT:
		return parse_timeout(options, optarg);
	case OPTION_COLOR:
		return color_choose(optarg) ? STATUS_DONE :
		       report_usage(options->subcommand,
				    "--color is auto, always or never, not '%s'", optarg);
	case OPTION_FORCE:
		options->force = true;
		return STATUS_DONE;
	case OPTION_JSON:
		options->json = true;
		return STATUS_DONE;
	default:
		return -1;
	}
}

int options_next(struct options *options, int argc, char **argv)
{
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, options->short_options,
				     options->long_options, NULL)) != -1) {
		if (option == 'h') {
			if (kept_help)
				*kept_help = options->help;
			else
				fputs(options->help, stdout);
			return stop(options, STATUS_DONE);
		}
		if (option == ':' || option == '?')
			return stop(options, complain(options, option, argv));
		status = parse_common(options, option);
		if (status < 0)
			return option;
		if (status > 0)
			return stop(options, status);
	}
	return OPTIONS_END;
}

int options_each(struct options *options, int argc, char **argv,
		 int (*take)(void *request, int option), void *request)
{
	int option, status;

	while ((option = options_next(options, argc, argv)) != OPTIONS_END) {
		if (option == OPTIONS_STOP)
			return OPTIONS_STOP;
		status = take(request, option);
		if (status)
			return stop(options, status);
	}
	return OPTIONS_END;
}

int options_number(const struct options *options, const char *what,
		   const char *text, uint64_t *number)
{
	errno = 0;
	if (memrw_value_parse(MEMRW_TYPE_U64, text, number, sizeof(*number)) < 0 ||
	    *number == 0)
		return report_usage(options->subcommand, errno == ERANGE ?
				    "%s '%s' does not fit in 64 bits" :
				    "%s '%s' is not a number above 0", what, text);
	return 0;
}

int options_time(const struct options *options, const char *what,
		 const char *text, int64_t unit, int64_t *time)
{
	uint64_t number;
	int status;

	if (!text)
		return STATUS_DONE;
	status = options_number(options, what, text, &number);
	if (!status && number > (uint64_t)(TIME_MAX / unit))
		return report_usage(options->subcommand, "%s '%s' is too long", what, text);
	if (!status)
		*time = number * unit;
	return status;
}
