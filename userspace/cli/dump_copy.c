// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "dump_copy.h"
#include "file_io.h"
#include "report.h"
#include "transfer.h"
#include "untouched.h"

#define PIECE	(1024 * 1024)

/* What a file can have a hole of; pages are this large or larger. */
#define BLOCK	4096

static bool is_zero(const char *bytes, size_t length)
{
	return bytes[0] == '\0' && memcmp(bytes, bytes + 1, length - 1) == 0;
}

/* Bytes up to where the next block of the file begins. */
static size_t block_rest(uint64_t at, size_t length)
{
	size_t rest = BLOCK - at % BLOCK;

	return rest < length ? rest : length;
}

/* How many bytes from @bytes on are in blocks that are zeros, or that are not. */
static size_t find_run(const char *bytes, size_t length, uint64_t at, bool *zero)
{
	size_t done = block_rest(at, length);

	*zero = is_zero(bytes, done);
	while (done < length) {
		size_t block = block_rest(at + done, length - done);

		if (is_zero(bytes + done, block) != *zero)
			break;
		done += block;
	}
	return done;
}

static int write_sparsely(const struct dump_copy *copy, const char *bytes,
			  size_t length, uint64_t at)
{
	size_t run;
	bool zero;

	for (; length > 0; bytes += run, at += run, length -= run) {
		run = find_run(bytes, length, at, &zero);
		if (!zero && file_write(copy->fd, copy->path, bytes, run, at) < 0)
			return -1;
	}
	return 0;
}

/* One page cannot be read, and the next one may. */
static int skip_page(struct transfer *transfer, struct part *part)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	uint64_t rest = page - transfer->address % page;
	uint64_t start = transfer->address;

	if (rest > transfer->remaining)
		rest = transfer->remaining;
	transfer->error = 0;
	transfer->address += rest;
	transfer->remaining -= rest;
	return part_add_gap(part, start, start + rest);
}

static int copy_piece(struct dump_copy *copy, struct part *part,
		      struct transfer *transfer, size_t most)
{
	static char buffer[PIECE];
	uint64_t start = transfer->address;
	size_t length = transfer_read(transfer, buffer, most);

	copy->read += length;
	if (length > 0 &&
	    write_sparsely(copy, buffer, length, part->at + (start - part->start)) < 0)
		return -1;
	if (transfer->error == EIO)
		return skip_page(transfer, part);
	if (transfer->error == 0)
		return 0;
	transfer_report(transfer, false);
	return -1;
}

static void skip_untouched(struct dump_copy *copy, struct untouched *untouched,
			   struct transfer *transfer)
{
	uint64_t skip = untouched_run(untouched, transfer->address, transfer->remaining);

	copy->read += skip;
	transfer->address += skip;
	transfer->remaining -= skip;
}

int dump_copy_part(struct dump_copy *copy, struct part *part)
{
	struct transfer transfer = {
		.target = copy->target,
		.flags = copy->flags | MEMRW_NO_POPULATE,
		.address = part->start,
		.remaining = part->end - part->start,
	};
	struct untouched untouched;
	int status = 0;

	/* There may be very many pages of this kind. */
	if (!(part->properties & MEMRW_REGION_READ) && !(copy->flags & MEMRW_FORCE))
		return part_add_gap(part, part->start, part->end);
	untouched_open(&untouched, copy->target, part);
	while (transfer.remaining > 0 && !status) {
		skip_untouched(copy, &untouched, &transfer);
		if (transfer.remaining > 0)
			status = copy_piece(copy, part, &transfer,
					    untouched_next(&untouched, transfer.address, PIECE));
	}
	untouched_close(&untouched);
	return status;
}
