// SPDX-License-Identifier: GPL-2.0-only
/*
 * device [--calls N] [--seed N] [--blind] [--log FILE] [--corpus FILE] PROGRAMS...:
 * run the programs of these files, then others made of them and of nothing, until
 * N calls were made.  As root, in the guest.
 *
 * A program that reaches something new in the module is kept, and the next ones
 * are made of it.  Each is written to --log before it runs, for a kernel that
 * dies of it, those that are kept to --corpus.
 *
 * Prints TAP; a program that went wrong is printed, for a file of its own.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cast.h"
#include "corpus.h"
#include "cover.h"
#include "generate.h"
#include "kernel_log.h"
#include "rng.h"
#include "worker.h"

/* Of so many programs a worker's own memory is as good as new. */
#define WORKER_PROGRAMS	500

/* How often to say how far it has come. */
#define PROGRESS_SECONDS	60

/* Of so many calls, each has succeeded once. */
#define CALLS_OF_ALL	5000

struct options {
	unsigned long calls;
	uint64_t seed;
	bool blind;
	int log;
	int corpus;
};

static struct options options = { .calls = 1000, .log = -1, .corpus = -1 };
static unsigned long programs_run;
static bool guided;

static const struct option long_options[] = {
	{ "calls", required_argument, NULL, 'n' },
	{ "seed", required_argument, NULL, 's' },
	{ "blind", no_argument, NULL, 'b' },
	{ "log", required_argument, NULL, 'l' },
	{ "corpus", required_argument, NULL, 'c' },
	{ "target", no_argument, NULL, 't' },
	{ 0 },
};

static int open_output(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

static void parse_option(int option)
{
	switch (option) {
	case 'n':
		options.calls = strtoul(optarg, NULL, 0);
		break;
	case 's':
		options.seed = strtoull(optarg, NULL, 0);
		break;
	case 'b':
		options.blind = true;
		break;
	case 'l':
		options.log = open_output(optarg);
		break;
	case 'c':
		options.corpus = open_output(optarg);
		break;
	case 't':
		cast_be_target();
	default:
		exit(2);
	}
}

static void parse_options(int argc, char **argv)
{
	int option;

	options.seed = time(NULL);
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) >= 0)
		parse_option(option);
}

static void write_program(int fd, const struct program *program)
{
	char text[PROGRAM_TEXT];
	size_t length;

	if (fd < 0)
		return;
	length = program_print(program, text);
	if (write(fd, text, length) != (ssize_t)length)
		err(2, "writing a program");
}

/* As comments, without the mark of which they are a program again. */
static void print_program(const struct program *program)
{
	char text[PROGRAM_TEXT], *line, *rest;

	program_print(program, text);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		printf("#   %s\n", line);
}

static void renew_worker(void)
{
	if (programs_run++ % WORKER_PROGRAMS)
		return;
	if (programs_run > 1)
		worker_stop();
	worker_start();
}

static void tell_failure(const char *why, const struct program *program)
{
	printf("# %s\n# the program:\n", why);
	print_program(program);
}

/* What it came to: false after a failure, which is told. */
static bool try(const struct program *program, const struct result **result)
{
	char complaint[RUN_FAILURE];

	renew_worker();
	write_program(options.log, program);
	*result = worker_run(program);
	if (cover_collect()) {
		corpus_add(program);
		write_program(options.corpus, program);
	}
	if ((*result)->failure[0])
		tell_failure((*result)->failure, program);
	else if (kernel_log_complains(complaint, sizeof(complaint)))
		tell_failure(complaint, program);
	else
		return true;
	return false;
}

static bool replay(const char *path, const struct result **result)
{
	FILE *file = fopen(path, "re");
	struct program program;
	int more;

	if (!file)
		err(2, "%s", path);
	while ((more = program_read(&program, file)) > 0)
		if (!try(&program, result))
			break;
	fclose(file);
	return !more;
}

static void make(struct program *program)
{
	if (!corpus_size() || rng_once_in(4)) {
		generate(program);
		return;
	}
	*program = *corpus_pick();
	mutate(program, corpus_pick());
}

static void print_figures(const struct result *result)
{
	printf("# %lu calls, %lu programs, %zu kept; %zu places, %zu ways\n", result->calls,
	       programs_run, corpus_size(), cover_places(), cover_ways());
	fflush(stdout);
}

static bool fuzz(const struct result **result)
{
	time_t next = time(NULL) + PROGRESS_SECONDS;
	struct program program;

	while (!*result || (*result)->calls < options.calls) {
		make(&program);
		if (!try(&program, result))
			return false;
		if (time(NULL) >= next) {
			print_figures(*result);
			next = time(NULL) + PROGRESS_SECONDS;
		}
	}
	return true;
}

static void print_ops(const struct result *result)
{
	for (unsigned int op = 0; op < OPS; op++)
		printf("# %s: %lu of %lu succeeded\n", ops[op].name, result->succeeded[op],
		       result->made[op]);
}

/* A call that never comes to anything tests nothing. */
static bool every_op_succeeded(const struct result *result)
{
	for (unsigned int op = 0; op < OPS; op++)
		if (!result->succeeded[op])
			return false;
	return true;
}

static void print_success(const struct result *result, bool passed)
{
	const char *name = "every call succeeds now and then";

	if (result->calls < CALLS_OF_ALL)
		printf("ok 3 - %s # SKIP too few calls\n", name);
	else
		printf("%sok 3 - %s\n", passed && every_op_succeeded(result) ? "" : "not ", name);
}

static void print_coverage(void)
{
	if (!guided)
		printf("ok 4 - what it reaches is in the module # SKIP %s\n",
		       options.blind ? "asked to be blind" : "a kernel without KCOV: blind");
	else
		printf("%sok 4 - what it reaches is in the module\n",
		       cover_places() && !cover_foreign() ? "" : "not ");
}

static void test(int number, const char *name, bool passed)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", number, name);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const struct result *result = NULL;
	time_t start = time(NULL);
	bool passed = true;

	parse_options(argc, argv);
	rng_seed(options.seed);
	cast_find_users();
	kernel_log_open();
	guided = !options.blind && cover_open();
	printf("1..4\n# seed %llu, %s\n", (unsigned long long)options.seed,
	       guided ? "guided by KCOV" : "blind");
	fflush(stdout);
	for (int i = optind; i < argc && passed; i++)
		passed = replay(argv[i], &result);
	test(1, "the programs of the files run", passed);
	passed = passed && fuzz(&result);
	test(2, "so many calls, and nothing goes wrong", passed);
	print_ops(result);
	print_success(result, passed);
	print_figures(result);
	printf("# in %ld seconds\n", (long)(time(NULL) - start));
	print_coverage();
	worker_stop();
	return !passed;
}
