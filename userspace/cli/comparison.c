// SPDX-License-Identifier: GPL-2.0-only

#include <string.h>
#include <sys/param.h>

#include "command.h"
#include "comparison.h"

/*
 * In buffers
 */

/* What is compared at once as long as it is the same. */
#define STRIDE	256

/* The bytes at an offset that count as one: a value, if it is whole. */
static size_t unit(size_t offset, size_t length, uint64_t address, size_t width)
{
	if ((address + offset) % width != 0 || length - offset < width)
		return 1;
	return width;
}

static size_t skip_same(const char *before, const char *after, size_t length,
			size_t offset)
{
	while (length - offset >= STRIDE &&
	       memcmp(before + offset, after + offset, STRIDE) == 0)
		offset += STRIDE;
	while (offset < length && before[offset] == after[offset])
		offset++;
	return offset;
}

/* Where the value begins that has the byte at @offset. */
static size_t value_start(size_t offset, size_t length, uint64_t address, size_t width)
{
	size_t into = (address + offset) % width;

	if (into > offset || unit(offset - into, length, address, width) != width)
		return offset;
	return offset - into;
}

size_t comparison_next(const char *before, const char *after, size_t length,
		       uint64_t address, size_t width, size_t *start)
{
	size_t end = skip_same(before, after, length, *start), size;

	*start = end;
	if (end == length)
		return 0;
	*start = end = value_start(end, length, address, width);
	while (end < length) {
		size = unit(end, length, address, width);
		if (memcmp(before + end, after + end, size) == 0)
			break;
		end += size;
	}
	return end - *start;
}

/*
 * In sources: each function returns 0, or the exit status after a report.
 */

/* struct overlap - a range that both sources have */
struct overlap {
	const struct part *before;
	const struct part *after;
	uint64_t address;
	uint64_t length;
};

static int tell_differences(const struct comparison *comparison,
			    const struct overlap *overlap, const char *before,
			    const char *after, size_t length)
{
	size_t start = 0, differ;
	int status = STATUS_DONE;

	while (!status && (differ = comparison_next(before, after, length, overlap->address,
						    comparison->width, &start)) > 0) {
		const struct difference difference = {
			.address = overlap->address + start,
			.length = differ,
			.before = before + start,
			.after = after + start,
			.part = overlap->after,
		};

		if (comparison->differ)
			status = comparison->differ(comparison->data, &difference);
		start += differ;
	}
	if (!status && comparison->flush)
		status = comparison->flush(comparison->data);
	return status;
}

static int tell_unreadable(const struct comparison *comparison,
			   const struct overlap *overlap, uint64_t length)
{
	if (!comparison->unreadable)
		return STATUS_DONE;
	return comparison->unreadable(comparison->data, overlap->before, overlap->address,
				      overlap->address + length);
}

static uint64_t page_rest(uint64_t address, uint64_t length)
{
	return MIN(4096 - address % 4096, length);
}

/* Up to DIFFERENCE_MAX bytes.  @done: out: how many. */
static int compare_piece(const struct comparison *comparison,
			 const struct overlap *overlap, uint64_t *done)
{
	static char before[DIFFERENCE_MAX], after[DIFFERENCE_MAX];
	size_t length = MIN(overlap->length, DIFFERENCE_MAX);
	ssize_t first, second;

	first = source_read(comparison->before, overlap->before, overlap->address, before,
			    length);
	second = first > 0 ? source_read(comparison->after, overlap->after,
					 overlap->address, after, first) : first;
	if (second < 0)
		return STATUS_FAILED;
	*done = second > 0 ? (uint64_t)second : page_rest(overlap->address, length);
	if (second == 0)
		return tell_unreadable(comparison, overlap, *done);
	return tell_differences(comparison, overlap, before, after, second);
}

/* What both have, neither has a gap in, and is not known to be zeros in both. */
static int compare_readable(const struct comparison *comparison, struct overlap overlap)
{
	int status = STATUS_DONE;
	uint64_t done;

	while (overlap.length > 0 && !status) {
		done = source_zeros(comparison->before, overlap.before, overlap.address,
				    overlap.length);
		if (done > 0)
			done = source_zeros(comparison->after, overlap.after,
					    overlap.address, done);
		if (done == 0)
			status = compare_piece(comparison, &overlap, &done);
		overlap.address += done;
		overlap.length -= done;
	}
	return status;
}

static int compare_overlap(const struct comparison *comparison, struct overlap overlap)
{
	uint64_t end = overlap.address + overlap.length, first, second;
	int status = STATUS_DONE;
	bool readable;

	for (; overlap.address < end && !status; overlap.address += overlap.length) {
		readable = part_run(overlap.before, overlap.address, &first);
		readable &= part_run(overlap.after, overlap.address, &second);
		overlap.length = MIN(MIN(first, second), end - overlap.address);
		status = readable ? compare_readable(comparison, overlap) :
				    tell_unreadable(comparison, &overlap, overlap.length);
	}
	return status;
}

static bool has(const struct part *part, uint64_t address)
{
	return part && part->start <= address;
}

/* Where what is true of the address ends. */
static uint64_t boundary(const struct part *part, uint64_t address, uint64_t end)
{
	if (!part)
		return end;
	return MIN(end, part->start <= address ? part->end : part->start);
}

static int compare_span(const struct comparison *comparison, const struct span *span)
{
	uint64_t address = span->start, end;
	int status = STATUS_DONE;

	for (; address < span->end && !status; address = end) {
		const struct part *before = parts_find(&comparison->before->parts, address);
		const struct part *after = parts_find(&comparison->after->parts, address);
		struct overlap overlap = { before, after, address, 0 };

		end = boundary(before, address, boundary(after, address, span->end));
		overlap.length = end - address;
		if (has(before, address) && has(after, address))
			status = compare_overlap(comparison, overlap);
		else if (comparison->only && (has(before, address) || has(after, address)))
			status = comparison->only(comparison->data,
						  has(before, address) ? before : after,
						  address, end, has(before, address));
	}
	return status;
}

int comparison_run(const struct comparison *comparison, const struct span *spans,
		   size_t count)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < count && !status; i++)
		status = compare_span(comparison, &spans[i]);
	return status;
}
