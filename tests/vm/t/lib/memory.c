// SPDX-License-Identifier: GPL-2.0-only
#include "lib/memory.h"

#include <sys/mman.h>

#include "lib/file.h"
#include "lib/test.h"

uint64_t huge_page_size(void)
{
	long long kib = file_number("/proc/meminfo", "Hugepagesize:");

	return kib > 0 ? kib * 1024ULL : 2 * MIB;
}

struct range {
	uint64_t address, length, offset, value;
	int prot, flags, fd;
};

static void *pointer(uint64_t address)
{
	return (void *)(uintptr_t)address;
}

static long do_map(void *arg)
{
	struct range *r = arg;
	void *p = mmap(pointer(r->address), r->length, r->prot, r->flags, r->fd, r->offset);

	r->address = (uintptr_t)p;
	return p == MAP_FAILED ? -errno : 0;
}

uint64_t memory_map(struct worker *worker, uint64_t hint, size_t length, int prot, int flags,
		    int fd, uint64_t offset)
{
	struct range r = { .address = hint, .length = length, .prot = prot, .flags = flags,
			   .fd = fd, .offset = offset };

	assert_int_equal(worker_call(worker, do_map, &r, sizeof(r)), 0);
	return r.address;
}

uint64_t memory_map_anonymous(struct worker *worker, size_t length)
{
	return memory_map(worker, 0, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
}

uint64_t memory_map_pattern(struct worker *worker, size_t length, unsigned int seed)
{
	uint64_t address = memory_map_anonymous(worker, length);

	memory_fill(worker, address, length, seed);
	return address;
}

static long do_unmap(void *arg)
{
	struct range *r = arg;

	return munmap(pointer(r->address), r->length) < 0 ? -errno : 0;
}

int memory_unmap(struct worker *worker, uint64_t address, size_t length)
{
	struct range r = { .address = address, .length = length };

	return worker_call(worker, do_unmap, &r, sizeof(r));
}

static long do_protect(void *arg)
{
	struct range *r = arg;

	return mprotect(pointer(r->address), r->length, r->prot) < 0 ? -errno : 0;
}

int memory_protect(struct worker *worker, uint64_t address, size_t length, int prot)
{
	struct range r = { .address = address, .length = length, .prot = prot };

	return worker_call(worker, do_protect, &r, sizeof(r));
}

static long do_advise(void *arg)
{
	struct range *r = arg;

	return madvise(pointer(r->address), r->length, r->flags) < 0 ? -errno : 0;
}

int memory_advise(struct worker *worker, uint64_t address, size_t length, int advice)
{
	struct range r = { .address = address, .length = length, .flags = advice };

	return worker_call(worker, do_advise, &r, sizeof(r));
}

static uint32_t pattern_word(size_t index, unsigned int seed)
{
	return (uint32_t)(index + 1) * 2654435761U ^ seed * 40503U;
}

void pattern_fill(void *buffer, size_t length, unsigned int seed)
{
	uint8_t *p = buffer;

	for (size_t i = 0; i < length; i += 4) {
		uint32_t word = pattern_word(i / 4, seed);

		memcpy(p + i, &word, length - i < 4 ? length - i : 4);
	}
}

bool pattern_matches(const void *buffer, size_t length, size_t offset, unsigned int seed)
{
	const uint8_t *p = buffer;

	for (size_t i = 0; i < length; i++) {
		size_t at = offset + i;

		if (p[i] != (uint8_t)(pattern_word(at / 4, seed) >> at % 4 * 8))
			return false;
	}
	return true;
}

static long do_fill(void *arg)
{
	struct range *r = arg;

	pattern_fill(pointer(r->address), r->length, r->value);
	return 0;
}

void memory_fill(struct worker *worker, uint64_t address, size_t length, unsigned int seed)
{
	struct range r = { .address = address, .length = length, .value = seed };

	worker_call(worker, do_fill, &r, sizeof(r));
}

static long do_match(void *arg)
{
	struct range *r = arg;

	return pattern_matches(pointer(r->address), r->length, 0, r->value);
}

bool memory_matches(struct worker *worker, uint64_t address, size_t length, unsigned int seed)
{
	struct range r = { .address = address, .length = length, .value = seed };

	return worker_call(worker, do_match, &r, sizeof(r));
}

static long do_compare(void *arg)
{
	struct range *r = arg;
	const volatile uint8_t *p = pointer(r->address);

	for (size_t i = 0; i < r->length; i++) {
		if (p[i] != r->value)
			return false;
	}
	return true;
}

bool memory_is(struct worker *worker, uint64_t address, size_t length, uint8_t value)
{
	struct range r = { .address = address, .length = length, .value = value };

	return worker_call(worker, do_compare, &r, sizeof(r));
}

static long do_peek(void *arg)
{
	struct range *r = arg;

	r->value = *(volatile uint64_t *)pointer(r->address);
	return 0;
}

uint64_t memory_peek(struct worker *worker, uint64_t address)
{
	struct range r = { .address = address };

	worker_call(worker, do_peek, &r, sizeof(r));
	return r.value;
}

static long do_poke(void *arg)
{
	struct range *r = arg;

	*(volatile uint64_t *)pointer(r->address) = r->value;
	return 0;
}

void memory_poke(struct worker *worker, uint64_t address, uint64_t value)
{
	struct range r = { .address = address, .value = value };

	worker_call(worker, do_poke, &r, sizeof(r));
}
