// SPDX-License-Identifier: GPL-2.0-only
#include "field.h"
#include "arena.h"
#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint8_t *field;
struct child field_child;
struct memrw_target *field_target;

#define UNMAP	1
#define EXEC	2
#define CHANGE	3

static uint64_t state_of_change;

static uint64_t next_random(void)
{
	state_of_change = state_of_change * 6364136223846793005 + 1442695040888963407;
	return state_of_change >> 33;
}

static void change_here(uint64_t seed)
{
	state_of_change = seed;
	for (int i = 0; i < 3000; i++) {
		size_t at = next_random() % (FIELD - 8);
		uint32_t word;

		memcpy(&word, field + at, sizeof(word));
		word += next_random() % 5 - 2;
		memcpy(field + at, &word, sizeof(word));
	}
}

/* The operation in the low bits, what it is about in the others. */
static long obey(long argument)
{
	unsigned long rest = (unsigned long)argument >> 2;

	switch (argument & 3) {
	case UNMAP:
		return munmap(field + rest * PAGE, PAGE);
	case EXEC:
		return child_exec(0);
	default:
		change_here(rest);
		return 0;
	}
}

static void fill(void)
{
	random_start();
	random_memory(field, FIELD);
	/* Pages without anything are common, too. */
	memset(field + (1 << 18) + 4096, 0, 3 << 16);
}

int field_start(void **state)
{
	(void)state;
	field = mmap(NULL, FIELD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(field != MAP_FAILED);
	fill();
	child_start(&field_child, obey);
	field_target = memrw_target_open(field_child.pid, unit_via(), 0);
	assert_non_null(field_target);
	return 0;
}

int field_stop(void **state)
{
	(void)state;
	memrw_target_close(field_target);
	child_stop(&field_child);
	munmap(field, FIELD);
	return 0;
}

void field_change(uint64_t seed)
{
	change_here(seed);
	assert_int_equal(child_call(&field_child, (long)(seed << 2 | CHANGE)), 0);
}

void field_unmap(size_t page)
{
	assert_int_equal(child_call(&field_child, (long)(page << 2 | UNMAP)), 0);
}

void field_exec(void)
{
	assert_int_equal(child_call(&field_child, EXEC), CHILD_NEW_IMAGE);
}

struct memrw_scan *field_scan(unsigned int types, size_t start, size_t end)
{
	struct memrw_region_filter *filter = memrw_region_filter_open();
	struct memrw_scan *scan = memrw_scan_open(field_target);
	char range[64];

	assert_true(filter && scan);
	snprintf(range, sizeof(range), "0x%" PRIxPTR "-0x%" PRIxPTR,
		 (uintptr_t)field + start, (uintptr_t)field + end);
	assert_int_equal(memrw_region_filter_add(filter, range), 0);
	assert_int_equal(memrw_scan_set_filter(scan, filter), 0);
	assert_int_equal(memrw_scan_set_types(scan, types), 0);
	memrw_region_filter_close(filter);
	return scan;
}

int field_try(struct memrw_scan *scan, enum memrw_scan_op op, const char *value)
{
	struct memrw_scan_condition condition = {
		.size = sizeof(condition),
		.op = op,
		.value = value,
	};

	return memrw_scan_run(scan, &condition);
}

void field_run(struct memrw_scan *scan, enum memrw_scan_op op, const char *value)
{
	assert_int_equal(field_try(scan, op, value), 0);
}
