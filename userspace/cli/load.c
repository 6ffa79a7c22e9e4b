// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw load: a dump back into the target's memory.
 *
 * Only bytes that differ are written: so what cannot be written does not matter
 * where nothing has changed, and no page comes into being for its zeros.  Before
 * the first byte all of it is compared, to see whether all can be written.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "choice.h"
#include "command.h"
#include "comparison.h"
#include "hold.h"
#include "json.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "target.h"
#include "transfer.h"

static const char help[] =
	"Usage: memrw load [OPTIONS] TARGET FILE\n"
	"\n"
	"Write a dump of 'memrw dump' back into TARGET's memory: those bytes that are\n"
	"not the same there. If any of them cannot be written, none is.\n"
	"\n"
	HELP_TARGET
	"\n"
	"Options:\n"
	"      --region=NAME   only the regions of that name, or of that file's name\n"
	"      --range=RANGE   only FROM..TO or FROM..+LENGTH: addresses\n"
	"      --stop          hold TARGET still meanwhile, and let it go in any case\n"
	"  -q, --quiet         do not print how much was written\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-load(1).\n";

static const struct option long_options[] = {
	{ "region", required_argument, NULL, OPTION_REGION },
	{ "range", required_argument, NULL, OPTION_RANGE },
	{ "stop", no_argument, NULL, OPTION_STOP },
	{ "quiet", no_argument, NULL, 'q' },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* Written at once. */
#define BATCH	256

/*
 * struct request - the command line, and what is made of it
 * @obstacles: pieces that cannot be written
 * @written: bytes
 * @ranges: they are in
 */
struct request {
	struct options options;
	struct choice choice;
	const char *name;
	const char *file;
	bool stop;
	bool quiet;
	struct memrw_target *target;
	struct source dump;
	struct source memory;
	uint64_t obstacles;
	uint64_t written;
	uint64_t ranges;
	struct memrw_target_segment batch[BATCH];
	size_t batched;
};

/*
 * Command line
 */

static int parse_option(void *data, int option)
{
	struct request *request = data;
	struct choice *choice = &request->choice;

	switch (option) {
	case OPTION_REGION:
		return choice_add(&choice->regions, &choice->region_count, optarg);
	case OPTION_RANGE:
		return choice_add(&choice->ranges, &choice->range_count, optarg);
	case OPTION_STOP:
		request->stop = true;
		return STATUS_DONE;
	default:
		request->quiet = true;
		return STATUS_DONE;
	}
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands, &request->name);

	if (status)
		return status;
	if (count != 1)
		return report_usage("load", count ? "more than TARGET and FILE given" :
				    "no FILE given");
	request->file = operands[0];
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	if (options_each(&request->options, argc, argv, parse_option, request) == OPTIONS_STOP)
		return OPTIONS_STOP;
	request->options.status = parse_operands(request, argc - optind, argv + optind);
	return request->options.status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * Can it all be written?  As a comparison calls them.
 */

static int obstruct(struct request *request, uint64_t start, uint64_t end,
		    const char *why)
{
	char range[64];

	snprintf(range, sizeof(range), "0x%" PRIx64 "-0x%" PRIx64, start, end);
	report(range, "%s", why);
	request->obstacles++;
	return STATUS_DONE;
}

static int check_difference(void *data, const struct difference *difference)
{
	struct request *request = data;

	if ((difference->part->properties & MEMRW_REGION_WRITE) || request->options.force)
		return STATUS_DONE;
	return obstruct(request, difference->address,
			difference->address + difference->length,
			"it differs, and the memory there is read-only; --force ignores that");
}

static int check_only(void *data, const struct part *part, uint64_t start, uint64_t end,
		      bool before)
{
	(void)part;
	return before ? obstruct(data, start, end, "no memory is mapped there") : STATUS_DONE;
}

/* What the dump has not is not to be written. */
static int check_unreadable(void *data, const struct part *before, uint64_t start,
			    uint64_t end)
{
	uint64_t length;

	if (!part_run(before, start, &length))
		return STATUS_DONE;
	return obstruct(data, start, end, "the memory there cannot be read");
}

/*
 * Writing, likewise
 */

static int report_write(const struct request *request,
			const struct memrw_target_segment *segment, int error)
{
	struct transfer transfer = {
		.target = request->target,
		.address = segment->address + (segment->result > 0 ? segment->result : 0),
		.flags = request->options.force ? MEMRW_FORCE : 0,
		.error = error,
	};

	transfer_report(&transfer, true);
	report_note("%" PRIu64 " bytes were written before that", request->written);
	return STATUS_FAILED;
}

static int take_results(struct request *request, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct memrw_target_segment *segment = &request->batch[i];

		if (segment->result > 0)
			request->written += segment->result;
		if (segment->result < 0 || (size_t)segment->result < segment->length)
			return report_write(request, segment, segment->result < 0 ?
					    (int)-segment->result : EIO);
		request->ranges++;
	}
	return STATUS_DONE;
}

static int flush(void *data)
{
	struct request *request = data;
	unsigned int flags = request->options.force ? MEMRW_FORCE : 0;
	size_t done = 0;
	int status = STATUS_DONE;

	while (done < request->batched && !status) {
		ssize_t count = memrw_target_writev(request->target, request->batch,
						    request->batched - done, flags);

		if (count < 0)
			return report_write(request, request->batch, errno);
		status = take_results(request, count);
		done += count;
		memmove(request->batch, request->batch + count,
			(request->batched - done) * sizeof(*request->batch));
	}
	request->batched = 0;
	return status;
}

static int write_difference(void *data, const struct difference *difference)
{
	struct request *request = data;

	request->batch[request->batched++] = (struct memrw_target_segment){
		.address = difference->address,
		.buffer = (void *)difference->before,
		.length = difference->length,
	};
	return request->batched == BATCH ? flush(request) : STATUS_DONE;
}

/*
 * Doing it
 */

static int check_all(struct request *request)
{
	const struct comparison comparison = {
		.before = &request->dump, .after = &request->memory, .width = 1,
		.differ = check_difference, .only = check_only,
		.unreadable = check_unreadable, .data = request,
	};
	int status = comparison_run(&comparison, request->choice.spans,
				    request->choice.span_count);

	if (!status && request->obstacles > 0) {
		report(request->dump.name, "nothing was written");
		return STATUS_FAILED;
	}
	return status;
}

static int write_all(struct request *request)
{
	const struct comparison comparison = {
		.before = &request->dump, .after = &request->memory, .width = 1,
		.differ = write_difference, .flush = flush, .data = request,
	};

	return comparison_run(&comparison, request->choice.spans,
			      request->choice.span_count);
}

static int show(const struct request *request)
{
	json_t *root;

	if (request->quiet)
		return STATUS_DONE;
	if (!request->options.json) {
		printf("%" PRIu64 " bytes in %" PRIu64 " ranges\n", request->written,
		       request->ranges);
		return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
	}
	root = json_target(request->target);
	if (json_object_set_new(root, "written", json_integer(request->written)) < 0 ||
	    json_object_set_new(root, "ranges", json_integer(request->ranges)) < 0) {
		json_decref(root);
		root = NULL;
	}
	return json_print(root);
}

static int load(struct request *request)
{
	unsigned int flags = request->options.force ? MEMRW_FORCE : 0;
	int status = source_open_target(&request->memory, request->name, request->target, flags);

	if (!status)
		status = choice_resolve(&request->choice, &request->options,
					request->target, &request->dump.parts);
	if (!status)
		status = choice_check_any(&request->choice, &request->dump.parts,
					  request->dump.name);
	if (!status)
		status = check_all(request);
	if (!status)
		status = write_all(request);
	if (!status)
		status = show(request);
	source_close(&request->memory);
	return status;
}

static int run(struct request *request)
{
	int status = source_open_dump(&request->dump, request->file), held;
	struct hold *hold = NULL;

	if (!status) {
		request->target = target_open(&request->options, request->name, 0);
		status = request->target ? STATUS_DONE : request->options.status;
	}
	if (!status && request->stop) {
		hold = hold_begin_reported(request->target);
		status = hold ? STATUS_DONE : STATUS_FAILED;
	}
	if (!status)
		status = load(request);
	held = hold_end_reported(hold);
	memrw_target_close(request->target);
	source_close(&request->dump);
	return status ? status : held;
}

int command_load(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "load",
			.help = help,
			.short_options = ":qh",
			.long_options = long_options,
		},
	};
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		status = request.options.status;
	else
		status = run(&request);
	choice_clear(&request.choice);
	return status;
}
