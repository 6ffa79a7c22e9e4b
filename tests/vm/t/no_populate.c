// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_NO_POPULATE: reading what the target never touched leaves it untouched. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define GIB (1024 * MIB)

static struct worker *target;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

/* What the target costs, in KiB. */
struct footprint {
	long long rss, page_tables;
};

static struct footprint footprint(void)
{
	struct footprint f;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", worker_pid(target));
	/* VmRSS is counted by each CPU for itself; this walks the page tables. */
	f.rss = file_number(path, "Rss:");
	snprintf(path, sizeof(path), "/proc/%d/status", worker_pid(target));
	f.page_tables = file_number(path, "VmPTE:");
	assert_true(f.rss > 0 && f.page_tables > 0);
	return f;
}

static void assert_no_growth(struct footprint before)
{
	struct footprint after = footprint();

	assert_int_equal(after.rss, before.rss);
	assert_int_equal(after.page_tables, before.page_tables);
}

static uint64_t map_untouched(size_t length, int flags)
{
	return memory_map(target, 0, length, PROT_READ | PROT_WRITE, flags | MAP_NORESERVE, -1, 0);
}

static void assert_zeros(uint64_t address, uint64_t length, __u32 flags)
{
	static uint8_t zeros[MIB], buffer[MIB];

	for (uint64_t at = 0; at < length; at += MIB) {
		uint64_t part = length - at < MIB ? length - at : MIB;

		memset(buffer, 0xff, part);
		assert_int_equal(session_read(session, address + at, buffer, part, flags), part);
		assert_memory_equal(buffer, zeros, part);
	}
}

static void a_gibibyte_of_untouched_memory_reads_as_zeros_without_growth(void **state)
{
	uint64_t address = map_untouched(GIB, MAP_PRIVATE | MAP_ANONYMOUS);
	struct footprint before = footprint();

	(void)state;
	assert_zeros(address, GIB, MEMRW_NO_POPULATE);
	assert_no_growth(before);
}

/* So that the test above has something to find. */
static void without_the_flag_untouched_memory_grows_the_page_tables(void **state)
{
	uint64_t address = map_untouched(64 * MIB, MAP_PRIVATE | MAP_ANONYMOUS);
	struct footprint before = footprint();

	(void)state;
	assert_zeros(address, 64 * MIB, 0);
	assert_true(footprint().page_tables > before.page_tables);
}

static void a_word_of_untouched_memory_reads_as_zero_without_growth(void **state)
{
	uint64_t address = map_untouched(64 * MIB, MAP_PRIVATE | MAP_ANONYMOUS);
	struct footprint before = footprint();

	(void)state;
	for (uint64_t at = 0; at < 64 * MIB; at += 2 * MIB) {
		uint64_t word = ~0UL;

		assert_int_equal(session_read(session, address + at + 8, &word, 8,
					      MEMRW_NO_POPULATE), 8);
		assert_int_equal(word, 0);
	}
	assert_no_growth(before);
}

static void unaligned_ranges_of_untouched_memory_read_as_zeros(void **state)
{
	uint64_t address = map_untouched(64 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);
	struct footprint before = footprint();

	(void)state;
	assert_zeros(address + 1, 3, MEMRW_NO_POPULATE);
	assert_zeros(address + PAGE - 1, 2, MEMRW_NO_POPULATE);
	assert_zeros(address + 100, 60 * PAGE, MEMRW_NO_POPULATE);
	assert_no_growth(before);
}

/* Every third page of @count pages gets a pattern, so that holes of two lie between. */
static void touch_every_third(uint64_t address, unsigned int count)
{
	for (unsigned int i = 0; i < count; i += 3)
		memory_fill(target, address + i * PAGE, PAGE, i);
}

static void assert_every_third(const uint8_t *buffer, unsigned int count)
{
	static const uint8_t zeros[PAGE_MAX];

	for (unsigned int i = 0; i < count; i++) {
		const uint8_t *page = buffer + i * PAGE;

		if (i % 3 == 0)
			assert_true(pattern_matches(page, PAGE, 0, i));
		else
			assert_memory_equal(page, zeros, PAGE);
	}
}

static void touched_pages_between_untouched_ones_read_right(int flags)
{
	uint64_t address = map_untouched(100 * PAGE, flags);
	uint8_t *buffer = test_malloc(100 * PAGE);
	struct footprint before;

	/* A huge page would be touched as one. */
	memory_advise(target, address, 100 * PAGE, MADV_NOHUGEPAGE);
	touch_every_third(address, 100);
	before = footprint();
	memset(buffer, 0xff, 100 * PAGE);
	assert_int_equal(session_read(session, address, buffer, 100 * PAGE, MEMRW_NO_POPULATE),
			 100 * PAGE);
	assert_every_third(buffer, 100);
	assert_no_growth(before);
	/* And so says the kernel. */
	assert_int_equal(reference_read(worker_pid(target), address, buffer, 100 * PAGE),
			 100 * PAGE);
	assert_every_third(buffer, 100);
	test_free(buffer);
}

static void touched_pages_of_private_memory_read_right(void **state)
{
	(void)state;
	touched_pages_between_untouched_ones_read_right(MAP_PRIVATE | MAP_ANONYMOUS);
}

static void untouched_shared_memory_reads_as_zeros_without_growth(void **state)
{
	uint64_t length = 64 * MIB;
	uint64_t address = map_untouched(length, MAP_SHARED | MAP_ANONYMOUS);
	long long shared = file_number("/proc/meminfo", "Shmem:");
	struct footprint before = footprint();

	(void)state;
	assert_zeros(address, length, MEMRW_NO_POPULATE);
	assert_no_growth(before);
	/* Each CPU counts a few pages for itself. */
	assert_true(file_number("/proc/meminfo", "Shmem:") - shared < 4096);
}

static void holes_in_shared_memory_read_as_zeros_between_what_was_touched(void **state)
{
	uint64_t address = map_untouched(9 * PAGE, MAP_SHARED | MAP_ANONYMOUS);
	uint8_t buffer[9 * PAGE];

	(void)state;
	memory_fill(target, address + 3 * PAGE, PAGE, 11);
	memory_fill(target, address + 5 * PAGE, 2 * PAGE, 12);
	assert_int_equal(session_read(session, address, buffer, sizeof(buffer), MEMRW_NO_POPULATE),
			 sizeof(buffer));
	assert_true(pattern_matches(buffer + 3 * PAGE, PAGE, 0, 11));
	assert_true(pattern_matches(buffer + 5 * PAGE, 2 * PAGE, 0, 12));
	memset(buffer + 3 * PAGE, 0, PAGE);
	memset(buffer + 5 * PAGE, 0, 2 * PAGE);
	for (size_t i = 0; i < sizeof(buffer); i++)
		assert_int_equal(buffer[i], 0);
}

static void shared_memory_reads_right(void **state)
{
	uint64_t address = map_untouched(100 * PAGE, MAP_SHARED | MAP_ANONYMOUS);
	uint8_t *buffer = test_malloc(100 * PAGE);

	(void)state;
	touch_every_third(address, 100);
	assert_int_equal(session_read(session, address, buffer, 100 * PAGE, MEMRW_NO_POPULATE),
			 100 * PAGE);
	assert_every_third(buffer, 100);
	test_free(buffer);
}

static void a_range_that_was_touched_and_given_back_reads_as_zeros(void **state)
{
	uint64_t address = memory_map_pattern(target, 64 * PAGE, 1);

	(void)state;
	assert_int_equal(memory_advise(target, address, 64 * PAGE, MADV_DONTNEED), 0);
	assert_zeros(address, 64 * PAGE, MEMRW_NO_POPULATE);
}

/* Linux 6.13: memory that faults, without a region of its own. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static void a_guard_page_is_no_hole(void **state)
{
	uint64_t address = memory_map_pattern(target, 3 * PAGE, 1);
	uint8_t buffer[3 * PAGE];

	(void)state;
	if (memory_advise(target, address + PAGE, PAGE, MADV_GUARD_INSTALL))
		skip_because("the kernel has no guard pages");
	assert_int_equal(session_read(session, address + PAGE, buffer, 8, 0), -EIO);
	assert_int_equal(session_read(session, address + PAGE, buffer, 8, MEMRW_NO_POPULATE), -EIO);
	assert_int_equal(session_read(session, address, buffer, 3 * PAGE, MEMRW_NO_POPULATE), PAGE);
}

static void a_file_is_read_from_the_file(void **state)
{
	char path[] = "/tmp/memrw-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);
	uint8_t data[4 * PAGE], buffer[4 * PAGE];
	uint64_t address;

	(void)state;
	assert_return_code(fd, errno);
	unlink(path);
	pattern_fill(data, sizeof(data), 1);
	assert_int_equal(write(fd, data, sizeof(data)), sizeof(data));
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	for (int flags = MAP_SHARED; flags <= MAP_PRIVATE; flags++) {
		address = memory_map(target, 0, sizeof(data), PROT_READ, flags, fd, 0);
		assert_int_equal(session_read(session, address, buffer, sizeof(data),
					      MEMRW_NO_POPULATE), sizeof(data));
		assert_memory_equal(buffer, data, sizeof(data));
	}
	close(fd);
}

static void a_hole_is_still_eio(void **state)
{
	uint64_t address = map_untouched(4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);
	uint8_t buffer[4 * PAGE];

	(void)state;
	memory_unmap(target, address + 2 * PAGE, 2 * PAGE);
	assert_int_equal(session_read(session, address, buffer, 4 * PAGE, MEMRW_NO_POPULATE),
			 2 * PAGE);
	assert_int_equal(session_read(session, address + 2 * PAGE, buffer, 8, MEMRW_NO_POPULATE),
			 -EIO);
}

static void inaccessible_untouched_memory_is_still_eio(void **state)
{
	uint64_t address = memory_map(target, 0, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
				      -1, 0);
	uint64_t word = ~0UL;

	(void)state;
	assert_int_equal(session_read(session, address, &word, 8, MEMRW_NO_POPULATE), -EIO);
	assert_int_equal(session_read(session, address, &word, 8, MEMRW_NO_POPULATE | MEMRW_FORCE),
			 8);
	assert_int_equal(word, 0);
}

static void a_bad_buffer_is_still_efault(void **state)
{
	uint64_t address = map_untouched(4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);

	(void)state;
	assert_int_equal(session_read(session, address, NULL, 8, MEMRW_NO_POPULATE), -EFAULT);
	assert_int_equal(session_read(session, address, NULL, 2 * PAGE, MEMRW_NO_POPULATE),
			 -EFAULT);
}

static void no_populate_at_bind_applies_to_pread(void **state)
{
	uint64_t address = map_untouched(64 * MIB, MAP_PRIVATE | MAP_ANONYMOUS);
	struct footprint before;
	static const uint8_t zeros[PAGE_MAX];
	uint8_t buffer[PAGE];

	(void)state;
	assert_int_equal(session_bind_flags(session, worker_pid(target), MEMRW_NO_POPULATE), 0);
	before = footprint();
	for (uint64_t at = 0; at < 64 * MIB; at += 2 * MIB) {
		memset(buffer, 0xff, PAGE);
		assert_int_equal(session_pread(session, address + at, buffer, PAGE), PAGE);
		assert_memory_equal(buffer, zeros, PAGE);
	}
	assert_no_growth(before);
}

static void a_write_populates_all_the_same(void **state)
{
	uint64_t address = map_untouched(4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);
	uint8_t data[4 * PAGE];
	uint64_t word = 77;

	(void)state;
	pattern_fill(data, sizeof(data), 1);
	assert_int_equal(session_write(session, address, data, sizeof(data), MEMRW_NO_POPULATE),
			 sizeof(data));
	assert_true(memory_matches(target, address, sizeof(data), 1));
	address = map_untouched(4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS);
	assert_int_equal(session_write(session, address, &word, 8, MEMRW_NO_POPULATE), 8);
	assert_int_equal(memory_peek(target, address), 77);
}

static void untouched_hugetlb_page_reads_as_zeros_and_stays_free(void **state)
{
	long long free_pages;
	uint64_t address;

	(void)state;
	if (file_write("/proc/sys/vm/nr_hugepages", "2") ||
	    file_number("/proc/meminfo", "HugePages_Free:") < 2)
		skip_because("the kernel has no huge pages to reserve");
	free_pages = file_number("/proc/meminfo", "HugePages_Free:");
	address = memory_map(target, 0, 2 * huge_page_size(), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	assert_zeros(address, 2 * huge_page_size(), MEMRW_NO_POPULATE);
	assert_int_equal(file_number("/proc/meminfo", "HugePages_Free:"), free_pages);
}

static int hugetlb_teardown(void **state)
{
	test_teardown(state);
	file_write("/proc/sys/vm/nr_hugepages", "0");
	return 0;
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(a_gibibyte_of_untouched_memory_reads_as_zeros_without_growth),
		on_target(without_the_flag_untouched_memory_grows_the_page_tables),
		on_target(a_word_of_untouched_memory_reads_as_zero_without_growth),
		on_target(unaligned_ranges_of_untouched_memory_read_as_zeros),
		on_target(touched_pages_of_private_memory_read_right),
		on_target(untouched_shared_memory_reads_as_zeros_without_growth),
		on_target(holes_in_shared_memory_read_as_zeros_between_what_was_touched),
		on_target(shared_memory_reads_right),
		on_target(a_range_that_was_touched_and_given_back_reads_as_zeros),
		on_target(a_guard_page_is_no_hole),
		on_target(a_file_is_read_from_the_file),
		on_target(a_hole_is_still_eio),
		on_target(inaccessible_untouched_memory_is_still_eio),
		on_target(a_bad_buffer_is_still_efault),
		on_target(no_populate_at_bind_applies_to_pread),
		on_target(a_write_populates_all_the_same),
		cmocka_unit_test_setup_teardown(
			untouched_hugetlb_page_reads_as_zeros_and_stays_free, setup,
			hugetlb_teardown),
	};

	return run_behaviours(tests);
}
