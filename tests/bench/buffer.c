// SPDX-License-Identifier: GPL-2.0-only
#include "buffer.h"

#include <err.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t *map(size_t length)
{
	uint8_t *buffer = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			       -1, 0);

	if (buffer == MAP_FAILED)
		err(1, "mmap");
	madvise(buffer, length, MADV_NOHUGEPAGE);
	return buffer;
}

uint8_t *buffer_new(size_t length)
{
	uint8_t *buffer = map(length);

	memset(buffer, 'b', length);
	return buffer;
}

uint8_t *buffer_new_repeating(size_t length, size_t period)
{
	int memory = memfd_create("bench", MFD_CLOEXEC);
	uint8_t *buffer = map(length);

	if (memory < 0 || ftruncate(memory, period) < 0)
		err(1, "memfd_create");
	for (size_t at = 0; at < length; at += period) {
		if (mmap(buffer + at, period, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED | MAP_POPULATE, memory, 0) == MAP_FAILED)
			err(1, "mmap");
	}
	memset(buffer, 'b', period);
	close(memory);
	return buffer;
}
