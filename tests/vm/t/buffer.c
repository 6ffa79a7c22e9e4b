// SPDX-License-Identifier: GPL-2.0-only
/* The caller's own buffer: every way in which it can be bad, or be the target. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

static struct worker *target;
static uint64_t address;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, 8 * PAGE, 1);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static uint8_t *map_pages(size_t count, int prot)
{
	uint8_t *pages = mmap(NULL, count * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(pages, MAP_FAILED);
	return pages;
}

static void assert_read_efault(void *buffer)
{
	for (size_t length = 1; length <= 2 * PAGE; length = length * 3 + 1) {
		assert_int_equal(session_read(session, address, buffer, length, 0), -EFAULT);
		assert_int_equal(session_pread(session, address, buffer, length), -EFAULT);
	}
	assert_int_equal(session_read(session, address, buffer, 8, 0), -EFAULT);
}

static void assert_write_efault(void *buffer)
{
	for (size_t length = 1; length <= 2 * PAGE; length = length * 3 + 1) {
		assert_int_equal(session_write(session, address, buffer, length, 0), -EFAULT);
		assert_int_equal(session_pwrite(session, address, buffer, length), -EFAULT);
	}
	assert_int_equal(session_write(session, address, buffer, 8, 0), -EFAULT);
	assert_true(memory_matches(target, address, 8 * PAGE, 1));
}

static void null_buffer_is_efault(void **state)
{
	(void)state;
	assert_read_efault(NULL);
	assert_write_efault(NULL);
}

static void unmapped_buffer_is_efault(void **state)
{
	uint8_t *pages = map_pages(2, PROT_READ | PROT_WRITE);

	(void)state;
	munmap(pages, 2 * PAGE);
	assert_read_efault(pages);
	assert_write_efault(pages);
}

static void buffer_in_the_kernel_half_is_efault(void **state)
{
	void *kernel = (void *)0xffffffff81000000UL;

	(void)state;
	assert_read_efault(kernel);
	assert_write_efault(kernel);
}

static void buffer_that_wraps_is_efault(void **state)
{
	(void)state;
	assert_read_efault((void *)-8UL);
	assert_write_efault((void *)-8UL);
}

static void read_into_read_only_buffer_is_efault(void **state)
{
	uint8_t *pages = map_pages(2, PROT_READ);

	(void)state;
	assert_read_efault(pages);
	munmap(pages, 2 * PAGE);
}

static void write_from_read_only_buffer_works(void **state)
{
	uint8_t *pages = map_pages(1, PROT_READ | PROT_WRITE);

	(void)state;
	pattern_fill(pages, PAGE, 2);
	mprotect(pages, PAGE, PROT_READ);
	assert_int_equal(session_write(session, address, pages, PAGE, 0), PAGE);
	assert_true(memory_matches(target, address, PAGE, 2));
	munmap(pages, PAGE);
}

static void inaccessible_buffer_is_efault(void **state)
{
	uint8_t *pages = map_pages(2, PROT_NONE);

	(void)state;
	assert_read_efault(pages);
	assert_write_efault(pages);
	munmap(pages, 2 * PAGE);
}

/* Four pages of which the last two are gone. */
static uint8_t *half_mapped(void)
{
	uint8_t *pages = map_pages(4, PROT_READ | PROT_WRITE);

	munmap(pages + 2 * PAGE, 2 * PAGE);
	return pages;
}

static void read_into_half_mapped_buffer_is_partial(void **state)
{
	uint8_t *pages = half_mapped();

	(void)state;
	assert_int_equal(session_read(session, address, pages, 4 * PAGE, 0), 2 * PAGE);
	assert_true(pattern_matches(pages, 2 * PAGE, 0, 1));
	memset(pages, 0, 2 * PAGE);
	assert_int_equal(session_pread(session, address, pages, 4 * PAGE), 2 * PAGE);
	assert_true(pattern_matches(pages, 2 * PAGE, 0, 1));
	munmap(pages, 2 * PAGE);
}

/* What is moved may end anywhere up to the buffer's end, and is told right. */
static void read_that_ends_inside_a_page_counts_what_it_moved(void **state)
{
	uint8_t *pages = half_mapped();
	uint8_t *buffer = pages + PAGE + 100;
	size_t room = PAGE - 100;
	int64_t done;

	(void)state;
	done = session_read(session, address, buffer, 2 * PAGE, 0);
	assert_in_range(done, room - 64, room);
	assert_true(pattern_matches(buffer, done, 0, 1));
	munmap(pages, 2 * PAGE);
}

static void write_from_half_mapped_buffer_is_partial(void **state)
{
	uint8_t *pages = half_mapped();

	(void)state;
	pattern_fill(pages, 2 * PAGE, 3);
	assert_int_equal(session_write(session, address, pages, 4 * PAGE, 0), 2 * PAGE);
	assert_true(memory_matches(target, address, 2 * PAGE, 3));
	memory_fill(target, address, 8 * PAGE, 1);
	assert_int_equal(session_pwrite(session, address, pages, 4 * PAGE), 2 * PAGE);
	assert_true(memory_matches(target, address, 2 * PAGE, 3));
	munmap(pages, 2 * PAGE);
}

/* Not even zeros, as the kernel fills up what it could not copy. */
static void write_that_ends_inside_a_page_leaves_the_rest(void **state)
{
	uint8_t *pages = half_mapped(), seen[8 * PAGE];
	uint8_t *buffer = pages + PAGE + 100;
	size_t room = PAGE - 100;
	int64_t done;

	(void)state;
	memset(buffer, 0xee, room);
	done = session_write(session, address, buffer, 2 * PAGE, 0);
	assert_in_range(done, room - 64, room);
	assert_true(memory_is(target, address, done, 0xee));
	assert_int_equal(session_pread(session, address, seen, sizeof(seen)), sizeof(seen));
	assert_true(pattern_matches(seen + done, sizeof(seen) - done, done, 1));
	munmap(pages, 2 * PAGE);
}

static void word_into_the_end_of_a_buffer_never_tells_more_than_it_moved(void **state)
{
	uint8_t *pages = half_mapped();
	uint8_t *end = pages + 2 * PAGE;

	(void)state;
	memset(end - 8, 0, 8);
	int64_t done = session_read(session, address, end - 4, 8, 0);

	assert_in_range(done, 1, 4);
	assert_true(pattern_matches(end - 4, done, 0, 1));
	munmap(pages, 2 * PAGE);
}

static void word_from_the_end_of_a_buffer_writes_what_it_tells(void **state)
{
	uint8_t *pages = half_mapped();
	uint8_t *end = pages + 2 * PAGE;
	uint8_t word[8], before[8];
	int64_t done;

	(void)state;
	memset(end - 4, 0xee, 4);
	assert_int_equal(session_read(session, address, before, 8, 0), 8);
	done = session_write(session, address, end - 4, 8, 0);
	assert_in_range(done, 1, 4);
	assert_true(memory_is(target, address, done, 0xee));
	assert_int_equal(session_read(session, address, word, 8, 0), 8);
	assert_memory_equal(word + done, before + done, 8 - done);
	munmap(pages, 2 * PAGE);
}

static void failed_read_reports_nothing_done(void **state)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.address = address,
		.length = 8,
		.done = 77,
	};

	(void)state;
	assert_int_equal(session_command(session, MEMRW_IOC_READ, &transfer), -EFAULT);
	assert_int_equal(transfer.done, 0);
}

static void buffer_shared_with_the_target_reads_itself(void **state)
{
	size_t length = 8 * PAGE;
	uint8_t *shared = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			       -1, 0);
	struct worker *sharer = worker_start(ROOT);
	int fd = session_open_bound(worker_pid(sharer));

	(void)state;
	pattern_fill(shared, length, 4);
	/* The very pages that are read are the buffer. */
	assert_int_equal(session_read(fd, (uintptr_t)shared, shared, length, 0), length);
	assert_true(pattern_matches(shared, length, 0, 4));
	assert_int_equal(session_write(fd, (uintptr_t)shared, shared, length, 0), length);
	assert_true(pattern_matches(shared, length, 0, 4));
	munmap(shared, length);
}

static void own_process_reads_its_own_memory(void **state)
{
	uint8_t *from = map_pages(4, PROT_READ | PROT_WRITE);
	uint8_t *to = map_pages(4, PROT_READ | PROT_WRITE);
	int fd = session_open_bound(getpid());

	(void)state;
	pattern_fill(from, 4 * PAGE, 5);
	assert_int_equal(session_read(fd, (uintptr_t)from, to, 4 * PAGE, 0), 4 * PAGE);
	assert_true(pattern_matches(to, 4 * PAGE, 0, 5));
	munmap(from, 4 * PAGE);
	munmap(to, 4 * PAGE);
}

static void own_process_writes_its_own_memory(void **state)
{
	uint8_t *from = map_pages(4, PROT_READ | PROT_WRITE);
	uint8_t *to = map_pages(4, PROT_READ | PROT_WRITE);
	int fd = session_open_bound(getpid());

	(void)state;
	pattern_fill(from, 4 * PAGE, 6);
	assert_int_equal(session_write(fd, (uintptr_t)to, from, 4 * PAGE, 0), 4 * PAGE);
	assert_true(pattern_matches(to, 4 * PAGE, 0, 6));
	munmap(from, 4 * PAGE);
	munmap(to, 4 * PAGE);
}

static void own_process_reads_onto_itself(void **state)
{
	uint8_t *pages = map_pages(4, PROT_READ | PROT_WRITE);
	int fd = session_open_bound(getpid());

	(void)state;
	pattern_fill(pages, 4 * PAGE, 7);
	assert_int_equal(session_read(fd, (uintptr_t)pages, pages, 4 * PAGE, 0), 4 * PAGE);
	assert_true(pattern_matches(pages, 4 * PAGE, 0, 7));
	munmap(pages, 4 * PAGE);
}

/* As memcpy(3), what overlaps is not said; the length is, and nothing hangs. */
static void own_process_overlap_moves_the_whole_length(void **state)
{
	uint8_t *pages = map_pages(8, PROT_READ | PROT_WRITE);
	int fd = session_open_bound(getpid());

	(void)state;
	pattern_fill(pages, 8 * PAGE, 8);
	assert_int_equal(session_read(fd, (uintptr_t)pages, pages + 100, 4 * PAGE, 0), 4 * PAGE);
	assert_true(pattern_matches(pages, 100, 0, 8));
	assert_true(pattern_matches(pages + 4 * PAGE + 100, 4 * PAGE - 100, 4 * PAGE + 100, 8));
	assert_int_equal(session_write(fd, (uintptr_t)pages + 100, pages, 4 * PAGE, 0), 4 * PAGE);
	munmap(pages, 8 * PAGE);
}

/* The buffer's pages have to come while the target's are held. */
static void own_process_untouched_buffer_is_filled(void **state)
{
	uint8_t *from = map_pages(64, PROT_READ | PROT_WRITE);
	uint8_t *to = map_pages(64, PROT_READ | PROT_WRITE);
	int fd = session_open_bound(getpid());

	(void)state;
	pattern_fill(from, 64 * PAGE, 9);
	assert_int_equal(session_pread(fd, (uintptr_t)from, to, 64 * PAGE), 64 * PAGE);
	assert_true(pattern_matches(to, 64 * PAGE, 0, 9));
	munmap(from, 64 * PAGE);
	munmap(to, 64 * PAGE);
}

static void buffer_that_is_a_file_of_its_own_is_filled(void **state)
{
	int file = memfd_create("buffer", MFD_CLOEXEC);
	uint8_t *pages;

	(void)state;
	assert_true(file >= 0 && !ftruncate(file, 8 * PAGE));
	pages = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_int_equal(session_pread(session, address, pages, 8 * PAGE), 8 * PAGE);
	assert_true(pattern_matches(pages, 8 * PAGE, 0, 1));
	munmap(pages, 8 * PAGE);
	close(file);
}

static void buffer_behind_the_end_of_its_file_is_efault(void **state)
{
	int file = memfd_create("buffer", MFD_CLOEXEC);
	uint8_t *pages;

	(void)state;
	assert_true(file >= 0 && !ftruncate(file, PAGE));
	pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_read_efault(pages + PAGE);
	assert_write_efault(pages + PAGE);
	assert_int_equal(session_pread(session, address, pages, 4 * PAGE), PAGE);
	munmap(pages, 4 * PAGE);
	close(file);
}

static void bad_buffer_and_bad_address_is_an_error(void **state)
{
	(void)state;
	int64_t result = session_read(session, 0, NULL, 8, 0);

	assert_true(result == -EFAULT || result == -EIO);
	result = session_write(session, 0, NULL, 8, 0);
	assert_true(result == -EFAULT || result == -EIO);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(null_buffer_is_efault),
		on_target(unmapped_buffer_is_efault),
		on_target(buffer_in_the_kernel_half_is_efault),
		on_target(buffer_that_wraps_is_efault),
		on_target(read_into_read_only_buffer_is_efault),
		on_target(write_from_read_only_buffer_works),
		on_target(inaccessible_buffer_is_efault),
		on_target(read_into_half_mapped_buffer_is_partial),
		on_target(read_that_ends_inside_a_page_counts_what_it_moved),
		on_target(write_from_half_mapped_buffer_is_partial),
		on_target(write_that_ends_inside_a_page_leaves_the_rest),
		on_target(word_into_the_end_of_a_buffer_never_tells_more_than_it_moved),
		on_target(word_from_the_end_of_a_buffer_writes_what_it_tells),
		on_target(failed_read_reports_nothing_done),
		on_target(buffer_shared_with_the_target_reads_itself),
		on_target(own_process_reads_its_own_memory),
		on_target(own_process_writes_its_own_memory),
		on_target(own_process_reads_onto_itself),
		on_target(own_process_overlap_moves_the_whole_length),
		on_target(own_process_untouched_buffer_is_filled),
		on_target(buffer_that_is_a_file_of_its_own_is_filled),
		on_target(buffer_behind_the_end_of_its_file_is_efault),
		on_target(bad_buffer_and_bad_address_is_an_error),
	};

	return run_behaviours(tests);
}
