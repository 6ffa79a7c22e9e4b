// SPDX-License-Identifier: LGPL-2.1-or-later
/* Rings of perf_event_open(2). */
#include "procfs_watch.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <unistd.h>

/* A page of its own comes before the records. */
static size_t mapped(size_t size)
{
	return sysconf(_SC_PAGESIZE) + size;
}

/* A power of two, as the kernel wants it. */
static size_t size_for(size_t hits)
{
	size_t size = sysconf(_SC_PAGESIZE);

	while (size < hits * MRW_RECORD_WORDS * sizeof(uint64_t))
		size *= 2;
	return size;
}

int mrw_ring_map(struct mrw_ring *ring, int event, size_t hits)
{
	const size_t size = size_for(hits);
	void *pages;

	pages = mmap(NULL, mapped(size), PROT_READ | PROT_WRITE, MAP_SHARED, event, 0);
	if (pages == MAP_FAILED) {
		/* Over perf_event_mlock_kb and RLIMIT_MEMLOCK. */
		if (errno == EPERM)
			errno = EAGAIN;
		return -1;
	}
	ring->page = pages;
	ring->data = (const char *)pages + mapped(0);
	ring->size = size;
	return 0;
}

void mrw_ring_unmap(struct mrw_ring *ring)
{
	if (ring->page)
		munmap(ring->page, mapped(ring->size));
	ring->page = NULL;
}

/* Records have whole words, but may begin at the end and go on at the beginning. */
static void copy(const struct mrw_ring *ring, uint64_t from, void *to, size_t length)
{
	size_t at = from & (ring->size - 1);
	size_t first = MIN(length, ring->size - at);

	memcpy(to, ring->data + at, first);
	memcpy((char *)to + first, ring->data, length - first);
}

bool mrw_ring_take(struct mrw_ring *ring, struct mrw_record *record)
{
	struct perf_event_header header;
	uint64_t tail = ring->page->data_tail;

	if (__atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE) == tail)
		return false;
	copy(ring, tail, &header, sizeof(header));
	record->type = header.type;
	record->misc = header.misc;
	record->count = MIN((header.size - sizeof(header)) / sizeof(*record->words),
			    MRW_RECORD_WORDS);
	copy(ring, tail + sizeof(header), record->words,
	     record->count * sizeof(*record->words));
	__atomic_store_n(&ring->page->data_tail, tail + header.size, __ATOMIC_RELEASE);
	return true;
}
