// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "ranges.h"
#include "report.h"
#include "target.h"

/* Of a longer range the rest is read as it is printed. */
#define AHEAD_MAX	(1024 * 1024)

static int out_of_memory(const char *what)
{
	report(what, "%s", strerror(ENOMEM));
	return STATUS_FAILED;
}

/*
 * The command line
 */

/* An address may have a colon too, as "[anon:7]" has: it is the last that counts. */
static const char *length_of(const char *operand)
{
	const char *colon = strrchr(operand, ':');
	uint64_t number;

	if (!colon || (memrw_value_parse(MEMRW_TYPE_U64, colon + 1, &number,
					 sizeof(number)) < 0 && errno != ERANGE))
		return NULL;
	return colon + 1;
}

bool ranges_are_given(const char *operand)
{
	return length_of(operand) != NULL;
}

static int parse_length(const struct options *options, const char *operand,
			uint64_t *length)
{
	const char *text = length_of(operand);

	if (!text)
		return report_usage(options->subcommand,
				    "'%s' is not ADDRESS:LENGTH, as the first is", operand);
	return options_number(options, "LENGTH", text, length);
}

int ranges_parse(struct ranges *ranges, const struct options *options,
		 int count, char **operands)
{
	int status = STATUS_DONE;

	ranges->texts = operands;
	ranges->lengths = calloc(count, sizeof(*ranges->lengths));
	ranges->segments = calloc(count, sizeof(*ranges->segments));
	if (!ranges->lengths || !ranges->segments)
		return out_of_memory("the ranges");
	ranges->count = count;
	for (int i = 0; i < count && !status; i++)
		status = parse_length(options, operands[i], &ranges->lengths[i]);
	return status;
}

/*
 * Reading
 */

static int resolve(struct memrw_target_segment *segment, const char *text,
		   const struct options *options, struct memrw_target *target)
{
	char *address = strndup(text, length_of(text) - 1 - text);
	int status;

	if (!address)
		return out_of_memory(text);
	status = target_address(options, target, address, &segment->address);
	free(address);
	return status;
}

static int prepare(struct ranges *ranges, size_t i, const struct options *options,
		   struct memrw_target *target)
{
	struct memrw_target_segment *segment = &ranges->segments[i];
	const char *text = ranges->texts[i];
	int status = resolve(segment, text, options, target);

	if (status)
		return status;
	segment->length = ranges->lengths[i] < AHEAD_MAX ? ranges->lengths[i] : AHEAD_MAX;
	segment->buffer = malloc(segment->length);
	return segment->buffer ? STATUS_DONE : out_of_memory(text);
}

int ranges_read(struct ranges *ranges, const struct options *options,
		struct memrw_target *target, unsigned int flags)
{
	int status;

	for (size_t i = 0; i < ranges->count; i++) {
		status = prepare(ranges, i, options, target);
		if (status)
			return status;
	}
	/* What it leaves undone has the result 0, and is tried again when it is shown. */
	memrw_target_readv(target, ranges->segments, ranges->count, flags);
	return STATUS_DONE;
}

struct transfer ranges_transfer(const struct ranges *ranges, size_t i,
				struct memrw_target *target, unsigned int flags)
{
	const struct memrw_target_segment *segment = &ranges->segments[i];
	ssize_t result = segment->result;

	return (struct transfer){
		.target = target,
		.flags = flags,
		.address = segment->address,
		.remaining = ranges->lengths[i],
		.ahead = segment->buffer,
		.ahead_length = result > 0 ? result : 0,
		.error = result < 0 ? -result : 0,
	};
}

void ranges_clear(struct ranges *ranges)
{
	for (size_t i = 0; i < ranges->count; i++)
		free(ranges->segments[i].buffer);
	free(ranges->segments);
	free(ranges->lengths);
	*ranges = (struct ranges){ 0 };
}
