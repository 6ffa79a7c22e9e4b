// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "command.h"
#include "report.h"
#include "target.h"

static int out_of_memory(void)
{
	report("the ranges", "%s", strerror(ENOMEM));
	return STATUS_FAILED;
}

int choice_add(const char ***texts, size_t *count, const char *text)
{
	const char **grown = reallocarray(*texts, *count + 1, sizeof(*grown));

	if (!grown)
		return out_of_memory();
	grown[(*count)++] = text;
	*texts = grown;
	return STATUS_DONE;
}

/*
 * Each function returns 0, or the exit status after a report.
 */

static int add_span(struct choice *choice, uint64_t start, uint64_t end)
{
	struct span *grown = reallocarray(choice->spans, choice->span_count + 1,
					  sizeof(*grown));

	if (!grown)
		return out_of_memory();
	grown[choice->span_count++] = (struct span){ start, end, 0 };
	choice->spans = grown;
	return STATUS_DONE;
}

static int parse_address(const struct options *options, struct memrw_target *target,
			 const char *text, uint64_t *address)
{
	if (target)
		return target_address(options, target, text, address);
	if (memrw_value_parse(MEMRW_TYPE_U64, text, address, sizeof(*address)) > 0)
		return STATUS_DONE;
	return report_usage(options->subcommand, "'%s' is not an address: between dumps it is a number",
			    text);
}

static int parse_end(const struct options *options, struct memrw_target *target,
		     const char *text, uint64_t start, uint64_t *end)
{
	uint64_t length;
	int status;

	if (text[0] != '+')
		return parse_address(options, target, text, end);
	status = options_number(options, "the length of a range", text + 1, &length);
	if (!status && __builtin_add_overflow(start, length, end))
		*end = UINT64_MAX;
	return status;
}

int choice_range(const char *option, const char *text, const struct options *options,
		 struct memrw_target *target, uint64_t *start, uint64_t *end)
{
	const char *dots = strstr(text, "..");
	char *first;
	int status;

	if (!dots || dots == text || dots[2] == '\0')
		return report_usage(options->subcommand,
				    "%s '%s' is not FROM..TO or FROM..+LENGTH", option, text);
	first = strndup(text, dots - text);
	if (!first)
		return out_of_memory();
	status = parse_address(options, target, first, start);
	free(first);
	if (!status)
		status = parse_end(options, target, dots + 2, *start, end);
	if (!status && *start >= *end)
		return report_usage(options->subcommand, "%s '%s' is empty", option, text);
	return status;
}

static int add_range(struct choice *choice, const struct options *options,
		     struct memrw_target *target, const char *text)
{
	uint64_t start = 0, end = 0;
	int status = choice_range("--range", text, options, target, &start, &end);

	return status ? status : add_span(choice, start, end);
}

bool choice_is_name(const char *name, const char *text)
{
	static const char deleted[] = " (deleted)";
	const char *slash = strrchr(name, '/');
	const char *file = slash ? slash + 1 : name;
	size_t length = strlen(text);

	if (strcmp(name, text) == 0 || strcmp(file, text) == 0)
		return true;
	/* Of a file that is gone, as the kernel tells it. */
	return (strncmp(file, text, length) == 0 && strcmp(file + length, deleted) == 0) ||
	       (strncmp(name, text, length) == 0 && strcmp(name + length, deleted) == 0);
}

static int add_region(struct choice *choice, const struct parts *regions,
		      const char *text)
{
	size_t before = choice->span_count;
	int status = STATUS_DONE;

	for (size_t i = 0; i < regions->count && !status; i++) {
		const struct part *region = &regions->items[i];

		if (text[0] != '\0' && choice_is_name(region->name, text))
			status = add_span(choice, region->start, region->end);
	}
	if (!status && choice->span_count == before) {
		report(text, "no region has that name");
		return STATUS_FAILED;
	}
	return status;
}

static int add_all(struct choice *choice, const struct parts *regions)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < regions->count && !status; i++)
		status = add_span(choice, regions->items[i].start, regions->items[i].end);
	return status;
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *first = a, *second = b;

	return (first->start > second->start) - (first->start < second->start);
}

/* Where two overlap or touch there is to be one. */
static void merge(struct choice *choice)
{
	struct span *spans = choice->spans;
	size_t kept = 0;

	qsort(spans, choice->span_count, sizeof(*spans), compare_spans);
	for (size_t i = 1; i < choice->span_count; i++) {
		if (spans[i].start > spans[kept].end)
			spans[++kept] = spans[i];
		else if (spans[i].end > spans[kept].end)
			spans[kept].end = spans[i].end;
	}
	if (choice->span_count > 0)
		choice->span_count = kept + 1;
}

int choice_resolve(struct choice *choice, const struct options *options,
		   struct memrw_target *target, const struct parts *regions)
{
	bool all = choice->all || choice->range_count + choice->region_count == 0;
	int status = all ? add_all(choice, regions) : STATUS_DONE;

	for (size_t i = 0; i < choice->range_count && !status; i++)
		status = add_range(choice, options, target, choice->ranges[i]);
	for (size_t i = 0; i < choice->region_count && !status; i++)
		status = add_region(choice, regions, choice->regions[i]);
	if (!status)
		merge(choice);
	return status;
}

/*
 * From spans to parts
 */

/* Each span begins with a block of the file, so that its pages can be holes. */
uint64_t choice_lay_out(struct choice *choice)
{
	static const uint64_t block = 4096;
	uint64_t at = 0;

	for (size_t i = 0; i < choice->span_count; i++) {
		struct span *span = &choice->spans[i];

		at = (at + block - 1) / block * block;
		span->at = at;
		if (__builtin_add_overflow(at, span->end - span->start, &at))
			return UINT64_MAX;
	}
	return at;
}

static int add_part(struct parts *parts, const struct span *span,
		    const struct part *from)
{
	const struct memrw_region region = {
		.start = from->start,
		.end = from->end,
		.properties = from->properties,
		.offset = from->mapped_offset,
		.inode = 1,
		.name = from->name,
	};
	uint64_t start = from->start > span->start ? from->start : span->start;
	uint64_t end = from->end < span->end ? from->end : span->end;
	struct part *part = parts_add(parts, &region, start, end);

	if (!part)
		return STATUS_FAILED;
	part->at = span->at + (start - span->start);
	if (part->name[0] != '/')
		part->mapped_offset = 0;
	return STATUS_DONE;
}

static int add_parts(struct parts *parts, const struct span *span,
		     const struct parts *regions)
{
	const struct part *region = parts_find(regions, span->start);
	const struct part *last = regions->items + regions->count;
	int status = STATUS_DONE;

	for (; region && region < last && region->start < span->end && !status; region++)
		status = add_part(parts, span, region);
	return status;
}

int choice_parts(const struct choice *choice, const struct parts *regions,
		 struct parts *parts)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < choice->span_count && !status; i++)
		status = add_parts(parts, &choice->spans[i], regions);
	return status;
}

static int report_missing(uint64_t start, uint64_t end, const char *why)
{
	char range[64];

	snprintf(range, sizeof(range), "0x%jx-0x%jx", (uintmax_t)start, (uintmax_t)end);
	report(range, "%s", why);
	return STATUS_FAILED;
}

/* What follows on @address alike, and whether it is all right. */
static int check_run(const struct span *span, const struct parts *parts,
		     uint64_t address, uint64_t *length)
{
	const struct part *part = parts_find(parts, address);

	if (part && part->start <= address) {
		if (part_run(part, address, length))
			return STATUS_DONE;
		return report_missing(address, address + *length,
				      "the memory there cannot be read");
	}
	*length = (part && part->start < span->end ? part->start : span->end) - address;
	return report_missing(address, address + *length, "no memory is mapped there");
}

int choice_check(const struct choice *choice, const struct parts *parts)
{
	int status = STATUS_DONE;
	uint64_t length;

	for (size_t i = 0; i < choice->span_count && choice->range_count > 0; i++) {
		const struct span *span = &choice->spans[i];

		for (uint64_t address = span->start; address < span->end; address += length)
			status |= check_run(span, parts, address, &length);
	}
	return status;
}

int choice_check_any(const struct choice *choice, const struct parts *parts,
		     const char *name)
{
	for (size_t i = 0; i < choice->span_count; i++) {
		const struct part *part = parts_find(parts, choice->spans[i].start);

		if (part && part->start < choice->spans[i].end)
			return STATUS_DONE;
	}
	report(name, "there is nothing in it of what was chosen");
	return STATUS_FAILED;
}

void choice_clear(struct choice *choice)
{
	free(choice->ranges);
	free(choice->regions);
	free(choice->spans);
	*choice = (struct choice){ 0 };
}
