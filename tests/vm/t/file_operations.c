// SPDX-License-Identifier: GPL-2.0-only
/* A bound descriptor as a file whose offset is the target's address. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define KERNEL_HALF 0xffff800000000000UL
#define LENGTH (2 * PAGE)
#define LENGTH_MAX (2 * PAGE_MAX)

static struct worker *target;
static uint64_t address;
static int session;
static uint8_t buffer[LENGTH_MAX];

/* A session bound to a target with LENGTH bytes of pattern 1, a hole behind them. */
static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, LENGTH + PAGE, 1);
	assert_int_equal(memory_unmap(target, address + LENGTH, PAGE), 0);
	session = session_open_bound(worker_pid(target));
	memset(buffer, 0, sizeof(buffer));
	return 0;
}

static void assert_offset(uint64_t expected)
{
	assert_int_equal(lseek(session, 0, SEEK_CUR), expected);
}

static void a_new_descriptor_is_at_zero(void **state)
{
	(void)state;
	assert_offset(0);
}

static void seek_set_goes_to_an_address(void **state)
{
	(void)state;
	assert_int_equal(lseek(session, address, SEEK_SET), address);
	assert_offset(address);
}

static void seek_cur_goes_on_and_back(void **state)
{
	(void)state;
	lseek(session, address, SEEK_SET);
	assert_int_equal(lseek(session, 100, SEEK_CUR), address + 100);
	assert_int_equal(lseek(session, -50, SEEK_CUR), address + 50);
}

static void seek_end_is_einval(void **state)
{
	(void)state;
	lseek(session, address, SEEK_SET);
	errno = 0;
	assert_int_equal(lseek(session, 0, SEEK_END), -1);
	assert_int_equal(errno, EINVAL);
	assert_offset(address);
}

static void seek_data_and_hole_are_einval(void **state)
{
	(void)state;
	assert_int_equal(lseek(session, 0, SEEK_DATA), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(lseek(session, 0, SEEK_HOLE), -1);
	assert_int_equal(errno, EINVAL);
}

static void seek_works_without_target(void **state)
{
	int fd = session_open(O_RDWR);

	(void)state;
	assert_int_equal(lseek(fd, 4096, SEEK_SET), 4096);
}

static void seek_to_the_kernel_half_succeeds_and_read_there_is_eio(void **state)
{
	(void)state;
	assert_int_equal(lseek(session, KERNEL_HALF, SEEK_SET), KERNEL_HALF);
	assert_int_equal(read(session, buffer, 8), -1);
	assert_int_equal(errno, EIO);
	assert_offset(KERNEL_HALF);
}

static void read_advances_the_offset(void **state)
{
	(void)state;
	lseek(session, address, SEEK_SET);
	assert_int_equal(read(session, buffer, 100), 100);
	assert_int_equal(read(session, buffer + 100, 200), 200);
	assert_true(pattern_matches(buffer, 300, 0, 1));
	assert_offset(address + 300);
}

static void partial_read_advances_by_what_was_moved(void **state)
{
	(void)state;
	lseek(session, address + LENGTH - 10, SEEK_SET);
	assert_int_equal(read(session, buffer, 20), 10);
	assert_offset(address + LENGTH);
}

static void failed_read_keeps_the_offset(void **state)
{
	(void)state;
	lseek(session, address + LENGTH, SEEK_SET);
	assert_int_equal(read(session, buffer, 20), -1);
	assert_int_equal(errno, EIO);
	assert_offset(address + LENGTH);
}

static void write_advances_the_offset(void **state)
{
	uint8_t data[300];

	(void)state;
	pattern_fill(data, sizeof(data), 2);
	lseek(session, address, SEEK_SET);
	assert_int_equal(write(session, data, 100), 100);
	assert_int_equal(write(session, data + 100, 200), 200);
	assert_offset(address + 300);
	assert_true(memory_matches(target, address, sizeof(data), 2));
}

static void partial_write_advances_by_what_was_moved(void **state)
{
	(void)state;
	lseek(session, address + LENGTH - 10, SEEK_SET);
	assert_int_equal(write(session, buffer, 20), 10);
	assert_offset(address + LENGTH);
	assert_true(memory_is(target, address + LENGTH - 10, 10, 0));
}

static void pread_keeps_the_offset(void **state)
{
	(void)state;
	lseek(session, 5, SEEK_SET);
	assert_int_equal(pread(session, buffer, LENGTH, address), LENGTH);
	assert_true(pattern_matches(buffer, LENGTH, 0, 1));
	assert_offset(5);
}

static void pwrite_keeps_the_offset(void **state)
{
	uint8_t data[LENGTH];

	(void)state;
	pattern_fill(data, LENGTH, 3);
	lseek(session, 5, SEEK_SET);
	assert_int_equal(pwrite(session, data, LENGTH, address), LENGTH);
	assert_offset(5);
	assert_true(memory_matches(target, address, LENGTH, 3));
}

static void pread_at_negative_offset_is_einval(void **state)
{
	(void)state;
	assert_int_equal(pread(session, buffer, 8, -8), -1);
	assert_int_equal(errno, EINVAL);
}

static void pwrite_at_negative_offset_is_einval(void **state)
{
	(void)state;
	assert_int_equal(pwrite(session, buffer, 8, -8), -1);
	assert_int_equal(errno, EINVAL);
}

static struct iovec *three_parts(uint8_t *data)
{
	static struct iovec parts[3];

	parts[0] = (struct iovec){ data + 5000, 1000 };
	parts[1] = (struct iovec){ data, 5000 };
	parts[2] = (struct iovec){ data + 6000, LENGTH - 6000 };
	return parts;
}

static void assert_three_parts(const uint8_t *data, unsigned int seed)
{
	assert_true(pattern_matches(data + 5000, 1000, 0, seed));
	assert_true(pattern_matches(data, 5000, 1000, seed));
	assert_true(pattern_matches(data + 6000, LENGTH - 6000, 6000, seed));
}

static void readv_scatters(void **state)
{
	(void)state;
	lseek(session, address, SEEK_SET);
	assert_int_equal(readv(session, three_parts(buffer), 3), LENGTH);
	assert_three_parts(buffer, 1);
	assert_offset(address + LENGTH);
}

static void preadv_scatters(void **state)
{
	(void)state;
	assert_int_equal(preadv(session, three_parts(buffer), 3, address), LENGTH);
	assert_three_parts(buffer, 1);
	assert_offset(0);
}

static void preadv_in_words_reads_each_whole(void **state)
{
	struct iovec words[2] = { { buffer, 4 }, { buffer + 16, 4 } };

	(void)state;
	assert_int_equal(preadv(session, words, 2, address), 8);
	assert_true(pattern_matches(buffer, 4, 0, 1));
	assert_true(pattern_matches(buffer + 16, 4, 4, 1));
}

static uint8_t *gathered(unsigned int seed)
{
	static uint8_t whole[LENGTH_MAX], data[LENGTH_MAX];

	pattern_fill(whole, LENGTH, seed);
	memcpy(data + 5000, whole, 1000);
	memcpy(data, whole + 1000, 5000);
	memcpy(data + 6000, whole + 6000, LENGTH - 6000);
	return data;
}

static void writev_gathers(void **state)
{
	(void)state;
	lseek(session, address, SEEK_SET);
	assert_int_equal(writev(session, three_parts(gathered(4)), 3), LENGTH);
	assert_offset(address + LENGTH);
	assert_true(memory_matches(target, address, LENGTH, 4));
}

static void pwritev_gathers(void **state)
{
	(void)state;
	assert_int_equal(pwritev(session, three_parts(gathered(5)), 3, address), LENGTH);
	assert_offset(0);
	assert_true(memory_matches(target, address, LENGTH, 5));
}

static void preadv_with_an_unmapped_part_stops_there(void **state)
{
	struct iovec parts[3] = {
		{ buffer, 1000 },
		{ (void *)PAGE, 1000 },
		{ buffer + 2000, 1000 },
	};

	(void)state;
	assert_int_equal(preadv(session, parts, 3, address), 1000);
	assert_true(pattern_matches(buffer, 1000, 0, 1));
	assert_int_equal(buffer[2000], 0);
}

static void preadv_across_the_end_is_partial(void **state)
{
	struct iovec parts[2] = { { buffer, 6 }, { buffer + 100, 100 } };

	(void)state;
	assert_int_equal(preadv(session, parts, 2, address + LENGTH - 10), 10);
	assert_true(pattern_matches(buffer, 6, LENGTH - 10, 1));
	assert_true(pattern_matches(buffer + 100, 4, LENGTH - 4, 1));
}

/* Where memory ends in front of a hole of ours. */
static uint8_t *map_end(void)
{
	uint8_t *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(pages != MAP_FAILED);
	assert_int_equal(munmap(pages + 2 * PAGE, PAGE), 0);
	return pages + 2 * PAGE;
}

/* Processors copy in blocks: the end at any place in one. */
static const size_t rooms[] = { 1, 2, 3, 7, 8, 9, 10, 15, 16, 17, 31, 33, 63, 64, 65, 100, 4000 };

static void preadv_fills_a_part_up_to_where_it_ends(void **state)
{
	uint8_t *end = map_end();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		struct iovec parts[2] = { { buffer, 3 }, { end - rooms[i], rooms[i] + 70 } };

		assert_int_equal(preadv(session, parts, 2, address), 3 + rooms[i]);
		assert_true(pattern_matches(end - rooms[i], rooms[i], 3, 1));
		assert_int_equal(pread(session, end - rooms[i], PAGE, address + 5), rooms[i]);
		assert_true(pattern_matches(end - rooms[i], rooms[i], 5, 1));
	}
	munmap(end - 2 * PAGE, 2 * PAGE);
}

static void pwritev_takes_a_part_up_to_where_it_ends(void **state)
{
	uint8_t *end = map_end();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		uint8_t *part = end - rooms[i];
		struct iovec parts[2] = { { buffer, 3 }, { part, rooms[i] + 70 } };

		pattern_fill(part, rooms[i], i + 2);
		assert_int_equal(pwritev(session, parts, 2, address), 3 + rooms[i]);
		assert_true(memory_matches(target, address + 3, rooms[i], i + 2));
		assert_int_equal(pwrite(session, part, PAGE, address + 5), rooms[i]);
		assert_true(memory_matches(target, address + 5, rooms[i], i + 2));
	}
	munmap(end - 2 * PAGE, 2 * PAGE);
}

static void read_of_nothing_returns_zero(void **state)
{
	(void)state;
	assert_int_equal(pread(session, buffer, 0, address), 0);
	assert_int_equal(pread(session, buffer, 0, address + LENGTH), 0);
}

static void write_of_nothing_returns_zero(void **state)
{
	(void)state;
	assert_int_equal(pwrite(session, buffer, 0, address), 0);
	assert_int_equal(pwrite(session, buffer, 0, address + LENGTH), 0);
}

static void all_ways_to_read_agree_with_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(assert_reads_match(session, worker_pid(target), address, LENGTH), LENGTH);
	assert_int_equal(assert_forced_reads_match(session, worker_pid(target), address, LENGTH),
			 LENGTH);
}

static int reopen(int flags)
{
	int fd = session_open(flags);

	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	return fd;
}

static void write_to_a_read_only_descriptor_is_ebadf(void **state)
{
	int fd = reopen(O_RDONLY);

	(void)state;
	assert_int_equal(session_pwrite(fd, address, buffer, 8), -EBADF);
	assert_true(memory_matches(target, address, 8, 1));
}

static void write_command_on_a_read_only_descriptor_is_eacces(void **state)
{
	int fd = reopen(O_RDONLY);

	(void)state;
	assert_int_equal(session_write(fd, address, buffer, 8, 0), -EACCES);
	assert_int_equal(session_write(fd, address, buffer, 8, MEMRW_FORCE), -EACCES);
	assert_true(memory_matches(target, address, 8, 1));
}

static void read_from_a_write_only_descriptor_is_ebadf(void **state)
{
	int fd = reopen(O_WRONLY);

	(void)state;
	assert_int_equal(session_pread(fd, address, buffer, 8), -EBADF);
}

static void read_command_on_a_write_only_descriptor_is_eacces(void **state)
{
	int fd = reopen(O_WRONLY);

	(void)state;
	assert_int_equal(session_read(fd, address, buffer, 8, 0), -EACCES);
}

static void read_only_descriptor_reads(void **state)
{
	int fd = reopen(O_RDONLY);

	(void)state;
	assert_int_equal(session_pread(fd, address, buffer, 64), 64);
	assert_int_equal(session_read(fd, address, buffer, 64, 0), 64);
	assert_true(pattern_matches(buffer, 64, 0, 1));
}

static void write_only_descriptor_writes(void **state)
{
	int fd = reopen(O_WRONLY);
	uint8_t data[64];

	(void)state;
	pattern_fill(data, sizeof(data), 6);
	assert_int_equal(session_pwrite(fd, address, data, 32), 32);
	assert_int_equal(session_write(fd, address + 32, data + 32, 32, 0), 32);
	assert_true(memory_matches(target, address, sizeof(data), 6));
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(a_new_descriptor_is_at_zero),
		on_target(seek_set_goes_to_an_address),
		on_target(seek_cur_goes_on_and_back),
		on_target(seek_end_is_einval),
		on_target(seek_data_and_hole_are_einval),
		on_target(seek_works_without_target),
		on_target(seek_to_the_kernel_half_succeeds_and_read_there_is_eio),
		on_target(read_advances_the_offset),
		on_target(partial_read_advances_by_what_was_moved),
		on_target(failed_read_keeps_the_offset),
		on_target(write_advances_the_offset),
		on_target(partial_write_advances_by_what_was_moved),
		on_target(pread_keeps_the_offset),
		on_target(pwrite_keeps_the_offset),
		on_target(pread_at_negative_offset_is_einval),
		on_target(pwrite_at_negative_offset_is_einval),
		on_target(readv_scatters),
		on_target(preadv_scatters),
		on_target(preadv_in_words_reads_each_whole),
		on_target(writev_gathers),
		on_target(pwritev_gathers),
		on_target(preadv_with_an_unmapped_part_stops_there),
		on_target(preadv_across_the_end_is_partial),
		on_target(preadv_fills_a_part_up_to_where_it_ends),
		on_target(pwritev_takes_a_part_up_to_where_it_ends),
		on_target(read_of_nothing_returns_zero),
		on_target(write_of_nothing_returns_zero),
		on_target(all_ways_to_read_agree_with_the_kernel),
		on_target(write_to_a_read_only_descriptor_is_ebadf),
		on_target(write_command_on_a_read_only_descriptor_is_eacces),
		on_target(read_from_a_write_only_descriptor_is_ebadf),
		on_target(read_command_on_a_write_only_descriptor_is_eacces),
		on_target(read_only_descriptor_reads),
		on_target(write_only_descriptor_writes),
	};

	return run_behaviours(tests);
}
