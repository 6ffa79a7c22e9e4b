// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <unistd.h>

#include "view_memory.h"

void view_memory_open(struct view_memory *memory, struct memrw_target *target,
		      unsigned int flags)
{
	*memory = (struct view_memory){
		.target = target,
		.flags = flags | MEMRW_NO_POPULATE,
		/* Pages that may not be accessed are none of a window's. */
		.no_window = flags & MEMRW_FORCE,
	};
}

void view_memory_close(struct view_memory *memory)
{
	memrw_window_close(memory->window);
	free(memory->segments);
	*memory = (struct view_memory){ 0 };
}

/* How far the page of an address goes on, but no further than @length. */
static size_t rest_of_page(uint64_t address, size_t length)
{
	uint64_t page = sysconf(_SC_PAGESIZE);

	return MIN(page - address % page, length);
}

static bool is_gone(ssize_t result)
{
	return result < 0 && (errno == ESRCH || errno == ESTALE);
}

/*
 * Through a window
 */

static void move_window(struct view_memory *memory, uint64_t address, size_t length)
{
	memrw_window_close(memory->window);
	memory->window = memrw_window_open(memory->target, address, length, 0);
	memory->no_window = !memory->window && errno == ENOTSUP;
	memory->start = address;
	memory->end = address + length;
}

/* Return: bytes from the first on; -1 where the target is no more. */
static ssize_t read_page(struct view_memory *memory, uint64_t address, uint8_t *bytes,
			 size_t length)
{
	ssize_t got = memrw_window_read(memory->window, address - memory->start, bytes, length);

	if (is_gone(got))
		return -1;
	/* It may be one that cannot be pinned. */
	if (got < 0 && errno == EAGAIN)
		got = memrw_target_read(memory->target, address, bytes, length, memory->flags);
	return is_gone(got) ? -1 : MAX(got, 0);
}

static int read_window(struct view_memory *memory, uint64_t address, uint8_t *bytes,
		       bool *known, size_t length)
{
	/* Memory that the target has replaced is not to be seen any longer. */
	if (is_gone(memrw_window_sync(memory->window, NULL, 0)))
		return -1;
	for (size_t done = 0, part; done < length; done += part) {
		ssize_t got;

		part = rest_of_page(address + done, length - done);
		got = read_page(memory, address + done, bytes + done, part);
		if (got < 0)
			return -1;
		memset(known + done, true, got);
	}
	return 0;
}

/*
 * In a batch
 */

static int make_segments(struct view_memory *memory, uint64_t address, uint8_t *bytes,
			 size_t length)
{
	size_t most = length / sysconf(_SC_PAGESIZE) + 2, count = 0;
	void *grown = reallocarray(memory->segments, most, sizeof(*memory->segments));

	if (!grown)
		return -1;
	memory->segments = grown;
	for (size_t done = 0; done < length; count++) {
		struct memrw_target_segment *segment = &memory->segments[count];

		*segment = (struct memrw_target_segment){
			.address = address + done,
			.buffer = bytes + done,
			.length = rest_of_page(address + done, length - done),
			.result = -EIO,
		};
		done += segment->length;
	}
	memory->segment_count = count;
	return 0;
}

static ssize_t transfer(struct view_memory *memory)
{
	ssize_t done = memrw_target_readv(memory->target, memory->segments,
					  memory->segment_count, memory->flags);

	/* Where the kernel cannot tell what the target never touched, it will grow. */
	if (done < 0 && errno == ENOTSUP && memory->flags & MEMRW_NO_POPULATE) {
		memory->flags &= ~MEMRW_NO_POPULATE;
		return transfer(memory);
	}
	return done;
}

static int read_batch(struct view_memory *memory, uint64_t address, uint8_t *bytes,
		      bool *known, size_t length)
{
	if (make_segments(memory, address, bytes, length) < 0)
		return -1;
	if (is_gone(transfer(memory)))
		return -1;
	for (size_t i = 0; i < memory->segment_count; i++) {
		const struct memrw_target_segment *segment = &memory->segments[i];

		if (segment->result > 0)
			memset(known + (segment->address - address), true, segment->result);
	}
	return 0;
}

int view_memory_read(struct view_memory *memory, uint64_t address, uint8_t *bytes,
		     bool *known, size_t length)
{
	memset(known, false, length * sizeof(*known));
	if (!memory->no_window && !(memory->window && memory->start <= address &&
				    address + length <= memory->end))
		move_window(memory, address, length);
	return memory->window ? read_window(memory, address, bytes, known, length) :
				read_batch(memory, address, bytes, known, length);
}
