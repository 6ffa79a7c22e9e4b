// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_FORCE: a transfer that ignores page protection, as a debugger's does. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

static struct worker *target;
static int session, file;

/* The target has a file of four pages of pattern 1. */
static int setup(void **state)
{
	char path[] = "/tmp/memrw-XXXXXX";
	uint8_t data[4 * PAGE];

	(void)state;
	file = mkostemp(path, O_CLOEXEC);
	assert_return_code(file, errno);
	unlink(path);
	pattern_fill(data, sizeof(data), 1);
	assert_int_equal(write(file, data, sizeof(data)), sizeof(data));
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static int teardown(void **state)
{
	close(file);
	return test_teardown(state);
}

static bool file_is_unchanged(void)
{
	ssize_t length = 4 * PAGE;
	uint8_t data[length];

	return pread(file, data, length, 0) == length && pattern_matches(data, length, 0, 1);
}

static void forced_read_reads_inaccessible_memory(void **state)
{
	uint64_t address = memory_map_pattern(target, 4 * PAGE, 1);
	uint64_t word;

	(void)state;
	memory_protect(target, address, 4 * PAGE, PROT_NONE);
	assert_int_equal(session_read(session, address, &word, 8, 0), -EIO);
	assert_int_equal(assert_forced_reads_match(session, worker_pid(target), address, 4 * PAGE),
			 4 * PAGE);
	assert_int_equal(assert_forced_reads_match(session, worker_pid(target), address + 8, 8), 8);
}

static void forced_write_writes_inaccessible_memory(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	uint8_t data[PAGE];

	(void)state;
	pattern_fill(data, PAGE, 2);
	memory_protect(target, address, PAGE, PROT_NONE);
	assert_int_equal(session_write(session, address, data, PAGE, MEMRW_FORCE), PAGE);
	memory_protect(target, address, PAGE, PROT_READ);
	assert_true(memory_matches(target, address, PAGE, 2));
}

static void forced_write_writes_read_only_private_memory(void **state)
{
	uint64_t address = memory_map_pattern(target, 4 * PAGE, 1);
	uint8_t data[4 * PAGE];

	(void)state;
	pattern_fill(data, sizeof(data), 2);
	memory_protect(target, address, 4 * PAGE, PROT_READ);
	assert_int_equal(session_write(session, address, data, 4 * PAGE, MEMRW_FORCE), 4 * PAGE);
	assert_true(memory_matches(target, address, 4 * PAGE, 2));
}

static void forced_write_of_a_word_writes_read_only_private_memory(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1), word = 0x1122334455667788;

	(void)state;
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(session_write(session, address + 16, &word, 8, MEMRW_FORCE), 8);
	assert_int_equal(memory_peek(target, address + 16), word);
}

static void forced_write_gives_the_target_alone_a_copy(void **state)
{
	uint64_t address = memory_map(target, 0, 4 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
	struct worker *other = worker_start(ROOT);
	uint64_t others = memory_map(other, 0, 4 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
	uint8_t data[4 * PAGE];

	(void)state;
	pattern_fill(data, sizeof(data), 2);
	assert_int_equal(session_write(session, address, data, sizeof(data), MEMRW_FORCE),
			 sizeof(data));
	assert_true(memory_matches(target, address, sizeof(data), 2));
	assert_true(memory_matches(other, others, sizeof(data), 1));
	assert_true(file_is_unchanged());
}

static void forced_write_to_program_text_does_not_reach_another_process(void **state)
{
	uint64_t text = (uintptr_t)forced_write_gives_the_target_alone_a_copy & -PAGE;
	uint8_t before[PAGE], after[PAGE], data[PAGE];

	(void)state;
	memcpy(before, (void *)(uintptr_t)text, PAGE);
	memcpy(data, before, PAGE);
	data[PAGE - 1] ^= 0xff;
	assert_int_equal(session_write(session, text, data, PAGE, 0), -EIO);
	assert_int_equal(session_write(session, text, data, PAGE, MEMRW_FORCE), PAGE);
	assert_int_equal(session_read(session, text, after, PAGE, 0), PAGE);
	assert_memory_equal(after, data, PAGE);
	assert_memory_equal((void *)(uintptr_t)text, before, PAGE);
}

static void forced_write_leaves_the_protection_as_it_was(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1), word = 0;
	struct memrw_query_region region;

	(void)state;
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(session_write(session, address, &word, 8, MEMRW_FORCE), 8);
	assert_int_equal(session_query_region(session, address, &region, NULL, 0), 0);
	assert_int_equal(region.properties, MEMRW_REGION_READ);
	assert_int_equal(session_write(session, address, &word, 8, 0), -EIO);
}

static void forced_write_to_a_read_only_shared_mapping_is_eio(void **state)
{
	uint64_t address = memory_map(target, 0, 4 * PAGE, PROT_READ, MAP_SHARED, file, 0);
	uint8_t data[4 * PAGE];

	(void)state;
	memset(data, 0, sizeof(data));
	assert_int_equal(session_write(session, address, data, sizeof(data), MEMRW_FORCE), -EIO);
	assert_int_equal(session_write(session, address, data, 8, MEMRW_FORCE), -EIO);
	assert_int_equal(reference_write_forced(worker_pid(target), address, data, 8), -EIO);
	assert_true(file_is_unchanged());
}

static long map_read_only_descriptor(void *arg)
{
	int fd = open(arg, O_RDONLY);
	void *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	close(fd);
	memcpy(arg, &p, sizeof(p));
	return p == MAP_FAILED ? -errno : 0;
}

/* Where even mprotect(2) could not make it writable. */
static void forced_write_to_a_shared_mapping_of_a_read_only_descriptor_is_eio(void **state)
{
	char path[64];
	uint64_t address, word = 0;

	(void)state;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	assert_int_equal(worker_call(target, map_read_only_descriptor, path, sizeof(path)), 0);
	memcpy(&address, path, sizeof(address));
	assert_int_equal(session_write(session, address, &word, 8, MEMRW_FORCE), -EIO);
	assert_true(file_is_unchanged());
}

static void forced_read_of_a_hole_is_eio(void **state)
{
	uint64_t address = memory_map_anonymous(target, PAGE), word;

	(void)state;
	memory_unmap(target, address, PAGE);
	assert_int_equal(session_read(session, address, &word, 8, MEMRW_FORCE), -EIO);
	assert_int_equal(session_write(session, address, &word, 8, MEMRW_FORCE), -EIO);
}

static void without_force_a_transfer_stops_at_protected_memory(void **state)
{
	uint64_t address = memory_map_pattern(target, 4 * PAGE, 1);

	(void)state;
	memory_protect(target, address + 2 * PAGE, PAGE, PROT_NONE);
	assert_int_equal(assert_reads_match(session, worker_pid(target), address, 4 * PAGE),
			 2 * PAGE);
	assert_int_equal(assert_forced_reads_match(session, worker_pid(target), address, 4 * PAGE),
			 4 * PAGE);
}

static void force_at_bind_applies_to_every_transfer(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	uint8_t data[PAGE];

	(void)state;
	memory_protect(target, address, PAGE, PROT_NONE);
	assert_int_equal(session_pread(session, address, data, PAGE), -EIO);
	assert_int_equal(session_bind_flags(session, worker_pid(target), MEMRW_FORCE), 0);
	assert_int_equal(session_pread(session, address, data, PAGE), PAGE);
	assert_true(pattern_matches(data, PAGE, 0, 1));
	assert_int_equal(session_read(session, address, data, PAGE, 0), PAGE);
	pattern_fill(data, PAGE, 2);
	assert_int_equal(session_pwrite(session, address, data, PAGE), PAGE);
	memory_protect(target, address, PAGE, PROT_READ);
	assert_true(memory_matches(target, address, PAGE, 2));
}

static void force_of_one_transfer_does_not_stay(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1), word;

	(void)state;
	memory_protect(target, address, PAGE, PROT_NONE);
	assert_int_equal(session_read(session, address, &word, 8, MEMRW_FORCE), 8);
	assert_int_equal(session_read(session, address, &word, 8, 0), -EIO);
	assert_int_equal(session_pread(session, address, &word, 8), -EIO);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(forced_read_reads_inaccessible_memory),
		on_target(forced_write_writes_inaccessible_memory),
		on_target(forced_write_writes_read_only_private_memory),
		on_target(forced_write_of_a_word_writes_read_only_private_memory),
		on_target(forced_write_gives_the_target_alone_a_copy),
		on_target(forced_write_to_program_text_does_not_reach_another_process),
		on_target(forced_write_leaves_the_protection_as_it_was),
		on_target(forced_write_to_a_read_only_shared_mapping_is_eio),
		on_target(forced_write_to_a_shared_mapping_of_a_read_only_descriptor_is_eio),
		on_target(forced_read_of_a_hole_is_eio),
		on_target(without_force_a_transfer_stops_at_protected_memory),
		on_target(force_at_bind_applies_to_every_transfer),
		on_target(force_of_one_transfer_does_not_stay),
	};

	return run_behaviours(tests);
}
