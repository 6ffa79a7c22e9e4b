// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "report.h"

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

int options_next(struct options *options, int argc, char **argv)
{
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, options->short_options,
				     options->long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_VIA:
			status = parse_via(options, optarg);
			if (status)
				return stop(options, status);
			break;
		case OPTION_FORCE:
			options->force = true;
			break;
		case OPTION_JSON:
			options->json = true;
			break;
		case 'h':
			fputs(options->help, stdout);
			return stop(options, STATUS_DONE);
		case ':':
		case '?':
			return stop(options, complain(options, option, argv));
		default:
			return option;
		}
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
