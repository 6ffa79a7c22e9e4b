// SPDX-License-Identifier: GPL-2.0-only
/* Every kind of address and length, beside what the kernel itself answers. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/maps.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define KERNEL_HALF	0xffff800000000000UL
#define NON_CANONICAL	0x8000000000000000UL
#define PAGES		80			/* more than a driver takes at once */

static struct worker *target;
static uint64_t address;
static int session;

/* A hole, PAGES pages of pattern 1, and a hole. */
static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, (PAGES + 2) * PAGE, 0) + PAGE;
	memory_fill(target, address, PAGES * PAGE, 1);
	assert_int_equal(memory_unmap(target, address - PAGE, PAGE), 0);
	assert_int_equal(memory_unmap(target, address + PAGES * PAGE, PAGE), 0);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static void assert_read(uint64_t at, size_t length, int64_t expected)
{
	assert_int_equal(assert_reads_match(session, worker_pid(target), at, length), expected);
}

static void assert_command_eio(uint64_t at, uint64_t length)
{
	uint8_t buffer[64] = { 0 };

	assert_true(length <= sizeof(buffer));
	assert_int_equal(session_read(session, at, buffer, length, 0), -EIO);
	assert_int_equal(session_read(session, at, buffer, length, MEMRW_FORCE), -EIO);
	assert_int_equal(session_read(session, at, buffer, length, MEMRW_NO_POPULATE), -EIO);
	assert_int_equal(session_write(session, at, buffer, length, 0), -EIO);
	assert_int_equal(session_write(session, at, buffer, length, MEMRW_FORCE), -EIO);
}

static void null_is_eio(void **state)
{
	(void)state;
	assert_read(0, 8, -EIO);
	assert_read(0, 1, -EIO);
	assert_command_eio(0, 8);
}

static void unaligned_address_reads_across_its_page(void **state)
{
	(void)state;
	for (size_t length = 1; length <= 17; length++) {
		for (uint64_t at = address + PAGE - 18; at < address + PAGE + 2; at++)
			assert_read(at, length, length);
	}
}

static void unaligned_address_writes_across_its_page(void **state)
{
	uint64_t at = address + PAGE - 7;
	uint8_t data[13];

	(void)state;
	pattern_fill(data, sizeof(data), 5);
	assert_int_equal(session_write(session, at, data, sizeof(data), 0), sizeof(data));
	assert_true(memory_matches(target, at, sizeof(data), 5));
	/* And nothing around it. */
	assert_true(memory_matches(target, address, PAGE - 7, 1));
	assert_read(address, 2 * PAGE, 2 * PAGE);
}

static void every_small_length_writes_that_many_bytes(void **state)
{
	uint8_t data[17], around[19];

	(void)state;
	memset(data, 0xee, sizeof(data));
	for (size_t length = 1; length <= sizeof(data); length++) {
		memory_fill(target, address, PAGE, 1);
		assert_int_equal(session_write(session, address + 8, data, length, 0), length);
		assert_true(memory_is(target, address + 8, length, 0xee));
		assert_true(memory_matches(target, address, 8, 1));
		assert_int_equal(session_read(session, address + 8 + length, around, 1, 0), 1);
		assert_true(pattern_matches(around, 1, 8 + length, 1));
	}
}

static void kernel_half_is_eio(void **state)
{
	(void)state;
	assert_command_eio(KERNEL_HALF, 8);
	assert_command_eio(KERNEL_HALF + 1, 7);
	assert_command_eio(0xffffffff81000000UL, 8);
}

static void non_canonical_is_eio(void **state)
{
	(void)state;
	assert_command_eio(NON_CANONICAL, 8);
	assert_command_eio(KERNEL_HALF - 8, 8);
}

/* arm64 leaves the top byte to the program; elsewhere there is nothing. */
static void tag_in_the_top_byte_is_what_it_is_to_the_kernel(void **state)
{
	uint64_t tagged = address | 0x5aUL << 56;
	uint8_t data[2] = { 0xee, 0xee };
	struct memrw_query_region region;
	int64_t expected = assert_reads_match(session, worker_pid(target), tagged, 8);
#ifdef __aarch64__
	int error = 0;

	assert_int_equal(expected, 8);
#else
	int error = -EIO;

	assert_int_equal(expected, -EIO);
#endif
	(void)state;
	assert_int_equal(assert_reads_match(session, worker_pid(target), tagged + 3, PAGE),
			 error ?: (int64_t)PAGE);
	assert_int_equal(session_write(session, tagged, data, 2, 0), error ?: 2);
	assert_int_equal(session_query_region(session, tagged, &region, NULL, 0), error);
	if (!error)
		assert_int_equal(region.start, address);
}

static bool can_be_mapped(uint64_t page)
{
	void *wanted = (void *)page;
	void *mapped = mmap(wanted, PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (mapped == MAP_FAILED)
		return errno == EEXIST;
	munmap(mapped, PAGE);
	return mapped == wanted;
}

/* Where the memory of a process ends at the latest. */
static uint64_t user_end(void)
{
#ifdef __x86_64__
	/* With 5 levels of page tables, and with 4. */
	static const uint64_t ends[] = { 0xfffffffffff000, 0x7ffffffff000 };
#else
	/* arm64: by the bits of an address that the kernel is built for. */
	static const uint64_t ends[] = { 1UL << 52, 1UL << 48, 1UL << 47, 1UL << 42, 1UL << 39 };
#endif

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (can_be_mapped(ends[i] - PAGE))
			return ends[i];
	}
	fail_msg("no end of user space");
	return 0;
}

/* The stack is there if addresses are not randomized. */
static void map_last_page(uint64_t end)
{
	size_t count;
	struct map_entry *entries = maps_read(worker_pid(target), &count);

	if (entries[count - 1].end < end)
		memory_map(target, end - PAGE, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	free(entries);
}

static void mapped_last_page_reads_up_to_its_end(void **state)
{
	uint64_t end = user_end();

	(void)state;
	map_last_page(end);
	assert_read(end - PAGE, PAGE, PAGE);
	assert_read(end - 8, 8, 8);
	assert_read(end - 1, 1, 1);
	assert_read(end - 8, 16, 8);
	assert_read(end - PAGE, 2 * PAGE, PAGE);
}

static void mapped_last_page_writes_up_to_its_end(void **state)
{
	static const uint8_t data[16];
	uint64_t end = user_end();

	(void)state;
	map_last_page(end);
	assert_int_equal(session_write(session, end - 8, data, 16, 0), 8);
	assert_int_equal(session_write(session, end - 8, data, 8, 0), 8);
}

static void first_address_behind_user_space_is_eio(void **state)
{
	(void)state;
	assert_command_eio(user_end(), 8);
}

static void highest_address_is_eio(void **state)
{
	(void)state;
	assert_command_eio(~0UL, 1);
	assert_command_eio(~0UL - 7, 8);
}

static void wrapping_range_is_eio(void **state)
{
	(void)state;
	assert_command_eio(~0UL, 64);
	assert_command_eio(~0UL - 7, 64);
	assert_command_eio(~0UL - 4095, 64);
}

/*
 * With room behind it for as long as the kernel looks ahead, which refuses a
 * buffer that reaches past the end of user space.
 */
#define ROOM (4096 * MIB)

static uint8_t *roomy_buffer(void)
{
	uint8_t *buffer = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_true(buffer != MAP_FAILED);
	return buffer;
}

static void wrapping_range_that_begins_in_memory_stops_at_its_end(void **state)
{
	uint8_t *buffer = roomy_buffer();

	(void)state;
	assert_int_equal(session_read(session, address, buffer, ~0UL - address + 1000, 0),
			 PAGES * PAGE);
	assert_true(pattern_matches(buffer, PAGES * PAGE, 0, 1));
	munmap(buffer, ROOM);
}

static void length_zero_moves_nothing(void **state)
{
	(void)state;
	assert_read(address, 0, 0);
	assert_int_equal(session_read(session, address, NULL, 0, 0), 0);
	assert_int_equal(session_write(session, address, NULL, 0, 0), 0);
	assert_int_equal(session_read(session, address - PAGE, NULL, 0, 0), 0);
}

static void length_one_reads_one_byte(void **state)
{
	(void)state;
	assert_read(address, 1, 1);
	assert_read(address + PAGES * PAGE - 1, 1, 1);
}

static void length_up_to_a_hole_reads_whole(void **state)
{
	(void)state;
	assert_read(address, PAGES * PAGE, PAGES * PAGE);
	assert_read(address + 123, PAGES * PAGE - 123, PAGES * PAGE - 123);
}

static void length_into_a_hole_is_partial(void **state)
{
	(void)state;
	assert_read(address + PAGES * PAGE - 100, 200, 100);
	assert_read(address, (PAGES + 1) * PAGE, PAGES * PAGE);
	assert_read(address + PAGES * PAGE - 4, 8, 4);
}

static void write_into_a_hole_is_partial(void **state)
{
	uint64_t at = address + PAGES * PAGE - 100;
	uint8_t data[200];

	(void)state;
	pattern_fill(data, sizeof(data), 7);
	assert_int_equal(session_write(session, at, data, sizeof(data), 0), 100);
	assert_true(memory_matches(target, at, 100, 7));
	assert_int_equal(session_pwrite(session, at, data, sizeof(data)), 100);
}

static void what_begins_in_a_hole_is_eio_though_it_ends_in_memory(void **state)
{
	uint8_t data[200] = { 0 };

	(void)state;
	assert_read(address - 100, 200, -EIO);
	assert_int_equal(session_write(session, address - 100, data, sizeof(data), 0), -EIO);
	assert_true(memory_matches(target, address, 100, 1));
}

static void the_transfer_behind_a_partial_one_tells_why(void **state)
{
	(void)state;
	assert_read(address + PAGES * PAGE, 100, -EIO);
}

static void a_hole_in_the_middle_ends_the_transfer_there(void **state)
{
	(void)state;
	assert_int_equal(memory_unmap(target, address + 40 * PAGE, PAGE), 0);
	assert_read(address, PAGES * PAGE, 40 * PAGE);
	assert_read(address + 1, PAGES * PAGE, 40 * PAGE - 1);
}

static void regions_side_by_side_read_as_one(void **state)
{
	(void)state;
	assert_int_equal(memory_protect(target, address + 40 * PAGE, PAGE, PROT_READ), 0);
	assert_read(address, PAGES * PAGE, PAGES * PAGE);
}

static void write_of_many_pages_arrives_whole(void **state)
{
	uint8_t *data = test_malloc(PAGES * PAGE);

	(void)state;
	pattern_fill(data, PAGES * PAGE, 8);
	assert_int_equal(session_write(session, address, data, PAGES * PAGE, 0), PAGES * PAGE);
	assert_true(memory_matches(target, address, PAGES * PAGE, 8));
	pattern_fill(data, PAGES * PAGE, 9);
	assert_int_equal(session_pwrite(session, address, data, PAGES * PAGE), PAGES * PAGE);
	assert_true(memory_matches(target, address, PAGES * PAGE, 9));
	test_free(data);
}

/* A length that no buffer has: the target's end comes first. */
static void assert_huge_length_is_partial(uint64_t length)
{
	uint8_t *buffer = roomy_buffer();

	assert_int_equal(session_read(session, address, buffer, length, 0), PAGES * PAGE);
	assert_true(pattern_matches(buffer, PAGES * PAGE, 0, 1));
	memset(buffer, 0, PAGES * PAGE);
	pattern_fill(buffer, PAGES * PAGE, 2);
	assert_int_equal(session_write(session, address, buffer, length, 0), PAGES * PAGE);
	assert_true(memory_matches(target, address, PAGES * PAGE, 2));
	munmap(buffer, ROOM);
}

static void length_of_2_to_the_31_is_partial(void **state)
{
	(void)state;
	assert_huge_length_is_partial(1UL << 31);
}

static void length_of_2_to_the_32_is_partial(void **state)
{
	(void)state;
	assert_huge_length_is_partial(1UL << 32);
}

static void length_of_2_to_the_63_is_partial(void **state)
{
	(void)state;
	assert_huge_length_is_partial(1UL << 63);
}

static void greatest_length_is_partial(void **state)
{
	(void)state;
	assert_huge_length_is_partial(~0UL);
}

static void length_of_2_to_the_63_in_a_hole_is_eio(void **state)
{
	uint8_t *buffer = roomy_buffer();

	(void)state;
	assert_int_equal(session_read(session, address - PAGE, buffer, 1UL << 63, 0), -EIO);
	munmap(buffer, ROOM);
}

static void pread_of_2_to_the_63_bytes_fails_as_on_any_file(void **state)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	uint8_t buffer[8];
	int64_t expected;

	(void)state;
	/* The system call itself looks at the length; so it is another file's error. */
	expected = session_pread(zero, 0, buffer, 1UL << 63);
	assert_true(expected < 0);
	assert_int_equal(session_pread(session, address, buffer, 1UL << 63), expected);
	close(zero);
}

static void pread_of_2_to_the_31_bytes_is_partial(void **state)
{
	uint8_t *buffer = roomy_buffer();

	(void)state;
	assert_int_equal(session_pread(session, address, buffer, 1UL << 31), PAGES * PAGE);
	assert_true(pattern_matches(buffer, PAGES * PAGE, 0, 1));
	munmap(buffer, ROOM);
}

static void no_transfer_moves_more_than_transfer_max(void **state)
{
	struct memrw_info info;
	uint64_t length, area;
	uint8_t *buffer;

	(void)state;
	if (patience() > 1)
		skip_because("2 GiB take minutes on a kernel that checks each access");
	assert_int_equal(session_get_info(session, &info), 0);
	length = info.transfer_max + MIB;
	area = memory_map(target, 0, length, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	/* One page again and again, for there is not as much memory. */
	int fd = memfd_create("buffer", MFD_CLOEXEC);

	assert_true(fd >= 0 && !ftruncate(fd, MIB));
	buffer = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_ptr_not_equal(buffer, MAP_FAILED);
	for (uint64_t at = 0; at < length; at += MIB) {
		size_t part = length - at < MIB ? length - at : MIB;

		assert_ptr_not_equal(mmap(buffer + at, part, PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_FIXED, fd, 0), MAP_FAILED);
	}
	assert_int_equal(session_read(session, area, buffer, length, MEMRW_NO_POPULATE),
			 info.transfer_max);
	munmap(buffer, length);
	close(fd);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(null_is_eio),
		on_target(unaligned_address_reads_across_its_page),
		on_target(unaligned_address_writes_across_its_page),
		on_target(every_small_length_writes_that_many_bytes),
		on_target(kernel_half_is_eio),
		on_target(non_canonical_is_eio),
		on_target(tag_in_the_top_byte_is_what_it_is_to_the_kernel),
		on_target(mapped_last_page_reads_up_to_its_end),
		on_target(mapped_last_page_writes_up_to_its_end),
		on_target(first_address_behind_user_space_is_eio),
		on_target(highest_address_is_eio),
		on_target(wrapping_range_is_eio),
		on_target(wrapping_range_that_begins_in_memory_stops_at_its_end),
		on_target(length_zero_moves_nothing),
		on_target(length_one_reads_one_byte),
		on_target(length_up_to_a_hole_reads_whole),
		on_target(length_into_a_hole_is_partial),
		on_target(write_into_a_hole_is_partial),
		on_target(what_begins_in_a_hole_is_eio_though_it_ends_in_memory),
		on_target(the_transfer_behind_a_partial_one_tells_why),
		on_target(a_hole_in_the_middle_ends_the_transfer_there),
		on_target(regions_side_by_side_read_as_one),
		on_target(write_of_many_pages_arrives_whole),
		on_target(length_of_2_to_the_31_is_partial),
		on_target(length_of_2_to_the_32_is_partial),
		on_target(length_of_2_to_the_63_is_partial),
		on_target(greatest_length_is_partial),
		on_target(length_of_2_to_the_63_in_a_hole_is_eio),
		on_target(pread_of_2_to_the_63_bytes_fails_as_on_any_file),
		on_target(pread_of_2_to_the_31_bytes_is_partial),
		on_target(no_transfer_moves_more_than_transfer_max),
	};

	return run_behaviours(tests);
}
